//! Telegram: the `result.json` that the application exports, of one chat or of all.
//!
//! The objects around the messages are walked through without being kept; each message is cut out and
//! read alone, so that memory is bounded by the longest.

use std::io;

use memchr::memchr_iter;
use serde::Deserialize;
use serde_json::error::Category;

use super::{Messages, Next, Record};
use crate::json_string;
use crate::metadata::Direction;
use crate::reader::Place;
use crate::reader::json_value::ValueEnd;
use crate::reader::window::Window;
use crate::reject::Cause;
use crate::time::Time;

/// No name of a chat is longer; a key or name beyond is passed over.
const LONGEST_NAME: usize = 4_096;
/// What holds chats, in one another.
const HOLDERS: [&str; 3] = ["chats", "left_chats", "list"];

/// The messages of an export.
pub(super) struct Telegram {
    window: Window,
    max_row_bytes: usize,
    /// The line on which the window begins.
    line: u64,
    /// The objects and lists that are open, from the outside.
    open: Vec<Open>,
    begun: bool,
    ended: bool,
    chat: Chat,
    /// The owner's number, where the export is of all chats.
    owner: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Object,
    /// The object that tells of the owner.
    Owner,
    /// A list of chats.
    Chats,
    Messages,
}

/// The chat whose messages are read.
#[derive(Debug, Default)]
struct Chat {
    name: String,
    kind: String,
    id: String,
}

/// A message as exported, as far as it matters.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    date_unixtime: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    from_id: Option<String>,
    #[serde(default)]
    actor: Option<String>,
    #[serde(default)]
    text: Option<Text>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Plain(String),
    Entity {
        text: String,
        #[serde(default)]
        href: Option<String>,
    },
}

impl Text {
    /// Joins the parts. The address of a link that hides behind words follows them in brackets, so that
    /// whoever looks for links sees it.
    fn joined(self) -> String {
        let parts = match self {
            Self::Plain(text) => return text,
            Self::Parts(parts) => parts,
        };
        let mut out = String::new();
        for part in parts {
            match part {
                Part::Plain(text) => out.push_str(&text),
                Part::Entity { text, href } => {
                    out.push_str(&text);
                    if let Some(href) = href.filter(|href| *href != text) {
                        out.push_str(&format!(" ({href})"));
                    }
                }
            }
        }
        out
    }
}

impl Telegram {
    pub(super) fn new(window: Window, max_row_bytes: usize) -> Self {
        Self {
            window,
            max_row_bytes,
            line: 1,
            open: Vec::new(),
            begun: false,
            ended: false,
            chat: Chat::default(),
            owner: None,
        }
    }

    fn place(&self, bytes: usize) -> Place {
        Place { line: Some(self.line), offset: Some(self.window.offset()), bytes }
    }

    fn advance(&mut self, count: usize) {
        self.line += memchr_iter(b'\n', &self.window.data()[..count]).count() as u64;
        self.window.consume(count);
    }

    /// Passes over space and what parts values; returns the next byte, none at the file's end.
    fn skip_space(&mut self) -> io::Result<Option<u8>> {
        loop {
            let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':');
            let data = self.window.data();
            let space = data.iter().take_while(is_space).count();
            let next = data.get(space).copied();
            self.advance(space);
            if next.is_some() || !self.window.more()? {
                return Ok(next);
            }
        }
    }

    /// Takes the value that begins the window, if it is no longer than `most`; otherwise passes over
    /// it. The number is how long it was; the value is none if it was too long, the whole if the file
    /// ends within it.
    fn value(&mut self, most: usize) -> io::Result<Option<(Option<Vec<u8>>, u64)>> {
        let mut end = ValueEnd::default();
        let mut dropped = 0;
        loop {
            let (data, ended) = (self.window.data(), self.window.ended());
            if let Some(length) = end.find(data, ended) {
                // A bracket that closes nothing is a value of its own, so that the walk goes on.
                let length = if dropped == 0 { length.max(1) } else { length };
                let whole = dropped + length as u64;
                let kept = (whole <= most as u64).then(|| data[..length].to_vec());
                self.advance(length);
                return Ok(Some((kept, whole)));
            }
            if ended {
                self.advance(self.window.data().len());
                return Ok(None);
            }
            if data.len() > most {
                let scanned = end.forget();
                dropped += scanned as u64;
                self.advance(scanned);
            }
            self.window.more()?;
        }
    }

    /// Takes a short string or number, decoded; empty if it is something else.
    fn word(&mut self) -> io::Result<Option<String>> {
        let Some((value, _)) = self.value(LONGEST_NAME)? else { return Ok(None) };
        let value = value.and_then(|value| String::from_utf8(value).ok()).unwrap_or_default();
        let mut word = String::new();
        match value.as_bytes().first() {
            Some(b'"') => json_string::decode(&value, &mut word),
            Some(b'0'..=b'9' | b'-') => word = value,
            _ => {}
        }
        Ok(Some(word))
    }

    /// Goes one step within an object; false if the file ends.
    fn member(&mut self, within: Open) -> io::Result<bool> {
        let Some(key) = self.word()? else { return Ok(false) };
        let Some(next) = self.skip_space()? else { return Ok(false) };
        let inner = match (next, key.as_str()) {
            (b'[', "messages") => Some(Open::Messages),
            (b'[', key) if HOLDERS.contains(&key) => Some(Open::Chats),
            (b'{', key) if HOLDERS.contains(&key) => Some(Open::Object),
            (b'{', "personal_information") => Some(Open::Owner),
            _ => None,
        };
        if let Some(inner) = inner {
            self.advance(1);
            self.open.push(inner);
            return Ok(true);
        }
        // A closing bracket is left for the walk.
        if matches!(next, b'}' | b']') {
            return Ok(true);
        }
        if !matches!(
            (within, key.as_str()),
            (Open::Owner, "user_id") | (Open::Object, "name" | "type" | "id")
        ) {
            return Ok(self.value(0)?.is_some());
        }
        let Some(word) = self.word()? else { return Ok(false) };
        match key.as_str() {
            "user_id" => self.owner = Some(format!("user{word}")),
            "name" => self.chat.name = word,
            "type" => self.chat.kind = word,
            _ => self.chat.id = word,
        }
        Ok(true)
    }

    /// Reads the message that begins the window; none if the file ends.
    fn message(&mut self) -> io::Result<Option<Next>> {
        let mut place = self.place(0);
        let Some((value, bytes)) = self.value(self.max_row_bytes)? else { return Ok(None) };
        let Some(value) = value else {
            let limit = self.max_row_bytes as u64;
            return Ok(Some(Next::Bad(place, Cause::TooLong { bytes, limit })));
        };
        place.bytes = value.len();
        Ok(Some(match self.read(&value) {
            Ok(record) => Next::Message(place, record),
            Err(cause) => Next::Bad(place, cause),
        }))
    }

    fn read(&self, value: &[u8]) -> Result<Record, Cause> {
        if value.first() != Some(&b'{') {
            return Err(Cause::NotAnObject);
        }
        let text = std::str::from_utf8(value)
            .map_err(|error| Cause::RowEncoding { byte: error.valid_up_to() + 1 })?;
        if let Some(unit) = json_string::lone_surrogate(value) {
            return Err(Cause::LoneSurrogate { unit });
        }
        // What serde_json says may quote the message, so only the place is passed on.
        let message: Message = serde_json::from_str(text).map_err(|error| {
            let before: usize = text.split('\n').take(error.line() - 1).map(|l| l.len() + 1).sum();
            match error.classify() {
                Category::Eof => Cause::JsonCutShort,
                Category::Data => Cause::NotAMessage { byte: before + error.column() },
                _ => Cause::Json { byte: before + error.column() },
            }
        })?;
        let service = message.r#type.as_deref() == Some("service");
        let direction = if service {
            Some(Direction::System)
        } else {
            self.direction(message.from_id.as_deref())
        };
        let clock = message.date_unixtime.as_deref().or(message.date.as_deref());
        let Chat { name, id, .. } = &self.chat;
        Ok(Record {
            conversation: if name.is_empty() { id.clone() } else { name.clone() },
            time: clock.and_then(Time::parse),
            direction,
            sender: message.from.or(message.actor).unwrap_or_default(),
            text: message.text.map(Text::joined).filter(|text| !service || !text.is_empty()),
        })
    }

    /// Tells who wrote a message: the owner, whose number is known, or whoever the chat is with.
    fn direction(&self, from: Option<&str>) -> Option<Direction> {
        let from = from?;
        if let Some(owner) = &self.owner {
            return Some(if from == owner { Direction::Sent } else { Direction::Received });
        }
        let personal = self.chat.kind == "personal_chat";
        let with = personal.then(|| format!("user{}", self.chat.id))?;
        Some(if from == with { Direction::Received } else { Direction::Sent })
    }
}

impl Messages for Telegram {
    fn next(&mut self) -> io::Result<Next> {
        while !self.ended {
            let whole = self.begun && self.open.is_empty();
            let Some(next) = self.skip_space()? else {
                self.ended = true;
                return Ok(if whole {
                    Next::End
                } else {
                    Next::Bad(self.place(0), Cause::FileCutShort)
                });
            };
            let goes_on = match (self.open.last().copied(), next) {
                (None, b'{') if !self.begun => {
                    self.begun = true;
                    self.open.push(Open::Object);
                    self.advance(1);
                    true
                }
                (None, _) => {
                    // Nothing should follow, nor come before.
                    let place = self.place(0);
                    self.ended = true;
                    while self.window.more()? {
                        self.advance(self.window.data().len());
                    }
                    self.advance(self.window.data().len());
                    return Ok(Next::Bad(place, Cause::NotAnObject));
                }
                (Some(_), b'}' | b']') => {
                    self.open.pop();
                    self.advance(1);
                    true
                }
                (Some(Open::Chats), b'{') => {
                    self.chat = Chat::default();
                    self.open.push(Open::Object);
                    self.advance(1);
                    true
                }
                (Some(Open::Chats), _) => self.value(0)?.is_some(),
                (Some(Open::Messages), _) => match self.message()? {
                    Some(next) => return Ok(next),
                    None => false,
                },
                (Some(within @ (Open::Object | Open::Owner)), _) => self.member(within)?,
            };
            if !goes_on {
                self.ended = true;
                return Ok(Next::Bad(self.place(0), Cause::FileCutShort));
            }
        }
        Ok(Next::End)
    }

    fn offset(&self) -> u64 {
        self.window.offset()
    }
}
