//! SMS Backup & Restore: the XML that the Android application of this name keeps.
//!
//! An element `<sms …/>` for each short message, and `<mms …>` with its parts for each of several. Tags
//! are cut here, so that one of any length (a picture is an attribute of a part) is passed over piece
//! by piece; `quick-xml` reads what is in them.

use std::borrow::Cow;
use std::io;
use std::str;

use memchr::{memchr, memchr_iter, memchr3, memmem};
use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

use super::{Messages, Next, Record};
use crate::metadata::Direction;
use crate::reader::Place;
use crate::reader::window::Window;
use crate::reject::Cause;
use crate::time::Time;

/// What the application writes where it knows nothing.
const NULL: &str = "null";
/// The type of the address from which a multimedia message came.
const FROM: &str = "137";

/// The messages of a backup.
pub(super) struct SmsBackup {
    window: Window,
    max_row_bytes: usize,
    /// The line on which the window begins.
    line: u64,
    mms: Option<Mms>,
    /// Whether the element around all is open.
    open: bool,
    ended: bool,
}

/// A multimedia message, as far as it has been read.
struct Mms {
    place: Place,
    message: Result<Record, Cause>,
}

/// What was found at the window's beginning.
enum Found {
    /// A tag of so many bytes.
    Tag(usize),
    /// A tag that is too long and was passed over: what it began with, and where.
    Long(Vec<u8>, Place, u64),
    /// A tag without an end.
    CutShort(Place),
    End,
}

impl SmsBackup {
    pub(super) fn new(window: Window, max_row_bytes: usize) -> Self {
        Self { window, max_row_bytes, line: 1, mms: None, open: false, ended: false }
    }

    fn place(&self, bytes: usize) -> Place {
        Place { line: Some(self.line), offset: Some(self.window.offset()), bytes }
    }

    fn advance(&mut self, count: usize) {
        self.line += memchr_iter(b'\n', &self.window.data()[..count]).count() as u64;
        self.window.consume(count);
    }

    /// Passes over everything before `wanted`, and over that, too; false at the file's end.
    fn skip_past(&mut self, wanted: &[u8]) -> io::Result<bool> {
        loop {
            let data = self.window.data();
            if let Some(at) = memmem::find(data, wanted) {
                self.advance(at + wanted.len());
                return Ok(true);
            }
            self.advance(data.len().saturating_sub(wanted.len() - 1));
            if !self.window.more()? {
                self.advance(self.window.data().len());
                return Ok(false);
            }
        }
    }

    /// Finds the next tag; comments and what is for the parser alone are passed over.
    fn tag(&mut self) -> io::Result<Found> {
        loop {
            let data = self.window.data();
            let Some(at) = memchr(b'<', data) else {
                self.advance(data.len());
                if self.window.more()? {
                    continue;
                }
                return Ok(Found::End);
            };
            self.advance(at);
            self.window.fill(9)?;
            let end: &[u8] = match self.window.data() {
                data if data.starts_with(b"<!--") => b"-->",
                data if data.starts_with(b"<![CDATA[") => b"]]>",
                data if data.starts_with(b"<?") => b"?>",
                data if data.starts_with(b"<!") => b">",
                _ => return self.tag_end(),
            };
            if !self.skip_past(end)? {
                return Ok(Found::End);
            }
        }
    }

    /// Finds the end of the tag that begins the window, not within an attribute.
    fn tag_end(&mut self) -> io::Result<Found> {
        let place = self.place(0);
        let mut front = Vec::new();
        let (mut scanned, mut quote, mut dropped) = (1, None, 0_u64);
        loop {
            let data = self.window.data();
            while scanned < data.len() {
                let rest = &data[scanned..];
                let next = match quote {
                    Some(quote) => memchr(quote, rest),
                    None => memchr3(b'"', b'\'', b'>', rest),
                };
                let Some(at) = next else {
                    scanned = data.len();
                    break;
                };
                scanned += at + 1;
                match rest[at] {
                    b'>' if quote.is_none() => {
                        let bytes = dropped + scanned as u64;
                        if bytes <= self.max_row_bytes as u64 {
                            return Ok(Found::Tag(scanned));
                        }
                        if dropped == 0 {
                            front = data[..scanned.min(self.max_row_bytes)].to_vec();
                        }
                        self.advance(scanned);
                        return Ok(Found::Long(front, place, bytes));
                    }
                    found => quote = quote.is_none().then_some(found),
                }
            }
            if scanned > self.max_row_bytes {
                if dropped == 0 {
                    front = data[..self.max_row_bytes.min(data.len())].to_vec();
                }
                dropped += scanned as u64;
                self.advance(scanned);
                scanned = 0;
            }
            if !self.window.more()? {
                self.advance(self.window.data().len());
                return Ok(Found::CutShort(place));
            }
        }
    }

    /// Deals with the tag of so many bytes; returns the message that it completes, if any.
    fn element(&mut self, bytes: usize) -> Option<Next> {
        let place = self.place(bytes);
        let tag = self.window.data()[..bytes].to_vec();
        self.advance(bytes);
        let inner = &tag[1..bytes - 1];
        let (inner, closed) =
            inner.strip_suffix(b"/").map_or((inner, false), |inner| (inner, true));
        let name = name(inner);
        match name {
            b"smses" => self.open = !closed,
            b"/smses" => self.open = false,
            b"sms" => {
                return Some(match Attributes::read(inner).and_then(|found| sms(&found)) {
                    Ok(record) => Next::Message(place, record),
                    Err(cause) => Next::Bad(place, cause),
                });
            }
            b"mms" => {
                let unfinished = self.close();
                let message = Attributes::read(inner).map(|found| mms(&found));
                self.mms = Some(Mms { place, message });
                return unfinished.or_else(|| if closed { self.close() } else { None });
            }
            b"/mms" => return self.close(),
            b"part" | b"addr" => {
                if let Some(mms) = &mut self.mms {
                    mms.add(name == b"part", inner, bytes, self.max_row_bytes);
                }
            }
            _ => {}
        }
        None
    }

    /// Deals with a tag that was passed over.
    fn long(&mut self, front: &[u8], place: Place, bytes: u64) -> Option<Next> {
        let cause = || Cause::TooLong { bytes, limit: self.max_row_bytes as u64 };
        match name(&front[1..]) {
            b"sms" | b"mms" => Some(Next::Bad(place, cause())),
            // A picture is passed over; a text is missed.
            b"part" if memmem::find(front, b"text/plain").is_some() => {
                let cause = cause();
                if let Some(mms) = &mut self.mms {
                    mms.message = Err(cause);
                }
                None
            }
            _ => None,
        }
    }

    /// Ends the multimedia message that is open.
    fn close(&mut self) -> Option<Next> {
        let Mms { place, message } = self.mms.take()?;
        Some(match message {
            Ok(record) => Next::Message(place, record),
            Err(cause) => Next::Bad(place, cause),
        })
    }

    /// Says once what is missing at the file's end.
    fn end(&mut self) -> Next {
        let place = match self.mms.take() {
            Some(mms) => mms.place,
            None if self.open => self.place(0),
            None => return Next::End,
        };
        self.open = false;
        Next::Bad(place, Cause::FileCutShort)
    }
}

impl Messages for SmsBackup {
    fn next(&mut self) -> io::Result<Next> {
        while !self.ended {
            let next = match self.tag()? {
                Found::Tag(bytes) => self.element(bytes),
                Found::Long(front, place, bytes) => self.long(&front, place, bytes),
                Found::CutShort(place) => {
                    self.ended = true;
                    self.open = false;
                    let place = self.mms.take().map_or(place, |mms| mms.place);
                    Some(Next::Bad(place, Cause::FileCutShort))
                }
                Found::End => {
                    self.ended = true;
                    Some(self.end())
                }
            };
            if let Some(next) = next {
                return Ok(next);
            }
        }
        Ok(Next::End)
    }

    fn offset(&self) -> u64 {
        self.window.offset()
    }
}

impl Mms {
    /// Adds a part, or an address.
    fn add(&mut self, part: bool, inner: &[u8], bytes: usize, most: usize) {
        let Ok(record) = &mut self.message else { return };
        if let Err(cause) = Attributes::read(inner).map(|found| add(record, part, &found)) {
            self.message = Err(cause);
            return;
        }
        let held = record.text.as_ref().map_or(0, String::len);
        if held > most {
            self.message = Err(Cause::TooLong { bytes: held as u64, limit: most as u64 });
        } else {
            self.place.bytes = held.max(self.place.bytes).max(bytes.min(held));
        }
    }
}

/// Reads a short message.
fn sms(found: &Attributes) -> Result<Record, Cause> {
    let Some(text) = found.body.clone() else { return Err(Cause::NoField { name: "body".into() }) };
    let mut record = record(found, found.kind.as_deref());
    record.text = (text != NULL).then_some(text);
    Ok(record)
}

/// Reads the beginning of a multimedia message.
fn mms(found: &Attributes) -> Record {
    record(found, found.box_number.as_deref())
}

fn record(found: &Attributes, direction: Option<&str>) -> Record {
    let known = |value: &Option<String>| value.clone().filter(|value| value != NULL);
    let address = known(&found.address).unwrap_or_default();
    let direction = direction.and_then(Direction::parse);
    let received = direction == Some(Direction::Received);
    Record {
        time: known(&found.date).as_deref().and_then(Time::parse),
        direction,
        sender: if received { address.clone() } else { String::new() },
        conversation: address,
        text: None,
    }
}

/// Adds what a part or an address of a multimedia message tells.
fn add(record: &mut Record, part: bool, found: &Attributes) {
    if part {
        let text = found.text.as_deref().filter(|text| *text != NULL);
        if let Some(text) = text.filter(|_| found.content.as_deref() == Some("text/plain")) {
            let whole = record.text.get_or_insert_default();
            if !whole.is_empty() {
                whole.push('\n');
            }
            whole.push_str(text);
        }
    } else if record.direction == Some(Direction::Received) && found.kind.as_deref() == Some(FROM) {
        // In a group the address of the message names all; this one is whose it is.
        record.sender = found.address.clone().unwrap_or_default();
    }
}

/// The attributes that matter, decoded.
#[derive(Debug, Default)]
struct Attributes {
    address: Option<String>,
    date: Option<String>,
    /// Of a short message its direction, of an address what it is.
    kind: Option<String>,
    /// The direction of a multimedia message.
    box_number: Option<String>,
    body: Option<String>,
    /// The type of a part's content.
    content: Option<String>,
    text: Option<String>,
}

impl Attributes {
    /// Reads what is between the brackets of a tag.
    fn read(tag: &[u8]) -> Result<Self, Cause> {
        let tag_text = str::from_utf8(tag)
            .map_err(|error| Cause::RowEncoding { byte: error.valid_up_to() + 2 })?;
        let start = BytesStart::from_content(tag_text, name(tag).len());
        let mut found = Self::default();
        for (number, attribute) in start.attributes().enumerate() {
            let broken = Cause::Xml { attribute: number + 1 };
            let Ok(attribute) = attribute else { return Err(broken) };
            let slot = match attribute.key.as_ref() {
                "address" => &mut found.address,
                "date" => &mut found.date,
                "type" => &mut found.kind,
                "msg_box" => &mut found.box_number,
                "body" => &mut found.body,
                "ct" => &mut found.content,
                "text" => &mut found.text,
                _ => continue,
            };
            let joined = join_halves(&attribute.value)?;
            *slot = Some(unescape(&joined).map_err(|_| broken)?.into_owned());
        }
        Ok(found)
    }
}

/// Returns the name with which a tag begins.
fn name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'>'));
    let name = &tag[..end.unwrap_or(tag.len())];
    name.strip_suffix(b"/").filter(|name| !name.is_empty()).unwrap_or(name)
}

/// Joins the two entities, each of half a UTF-16 pair, that the application writes for a character
/// such as an emoji: `&#55357;&#56832;`.
fn join_halves(value: &str) -> Result<Cow<'_, str>, Cause> {
    let mut out: Option<String> = None;
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = value[at..].find("&#") {
        let begin = at + found;
        let Some((unit, length)) = entity(&value[begin..]) else {
            at = begin + 2;
            continue;
        };
        at = begin + length;
        if !(0xd800..=0xdfff).contains(&unit) {
            continue;
        }
        let second = entity(&value[at..]).filter(|(unit, _)| (0xdc00..=0xdfff).contains(unit));
        let (Some((low, length)), 0xd800..=0xdbff) = (second, unit) else {
            return Err(Cause::LoneSurrogateEntity { unit });
        };
        at += length;
        let code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        let out = out.get_or_insert_default();
        out.push_str(&value[done..begin]);
        out.extend(char::from_u32(code));
        done = at;
    }
    Ok(match out {
        None => Cow::Borrowed(value),
        Some(mut out) => {
            out.push_str(&value[done..]);
            Cow::Owned(out)
        }
    })
}

/// Reads the number of the entity `&#…;` at the beginning of `text`; returns its length, too.
fn entity(text: &str) -> Option<(u32, usize)> {
    let digits = text.strip_prefix("&#")?;
    let end = digits.bytes().take(8).position(|byte| byte == b';')?;
    let number = match digits[..end].strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits[..end].parse().ok()?,
    };
    Some((number, end + 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_joined() {
        assert_eq!(join_halves("a&#55357;&#56832;&amp;ก").unwrap(), "a😀&amp;ก");
        assert_eq!(join_halves("&#xD83D;&#xde00;&#10;").unwrap(), "😀&#10;");
        assert_eq!(join_halves("&#; &# &#10").unwrap(), "&#; &# &#10");
        for lone in ["&#55357;", "&#55357;x", "&#56832;&#55357;", "&#55357;&#55357;"] {
            assert!(matches!(join_halves(lone), Err(Cause::LoneSurrogateEntity { .. })), "{lone}");
        }
    }
}
