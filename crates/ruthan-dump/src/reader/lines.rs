//! Cutting a file into lines.

use std::io;

use memchr::memchr;

use crate::reader::Place;
use crate::reader::window::Window;
use crate::reject::Cause;

/// How long the line at the window's beginning is, without and with its line break.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) content: usize,
    pub(super) whole: usize,
}

/// What comes next in a file.
pub(super) enum Found {
    /// A line, which lies at the window's beginning until it is consumed.
    Line(Extent),
    /// A line that cannot be held, and has been passed over.
    Bad(Place, Cause),
    /// Nothing.
    End,
}

/// A file cut into lines.
pub(super) struct Lines {
    window: Window,
    max_row_bytes: usize,
    /// Whether blank lines count as lines, as they do within a message of several.
    blank: bool,
    /// The line on which the window begins.
    number: u64,
}

impl Lines {
    pub(super) fn new(window: Window, max_row_bytes: usize) -> Self {
        Self { window, max_row_bytes, blank: false, number: 1 }
    }

    /// Lets blank lines count as lines.
    pub(super) fn with_blank(self) -> Self {
        Self { blank: true, ..self }
    }

    /// Returns how many bytes of the file have been consumed.
    pub(super) fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Returns where the window begins, as the place of a line of so many bytes.
    pub(super) fn place(&self, bytes: usize) -> Place {
        Place { line: Some(self.number), offset: Some(self.window.offset()), bytes }
    }

    /// Returns the line that was found, without its line break.
    pub(super) fn line(&self, extent: Extent) -> &[u8] {
        &self.window.data()[..extent.content]
    }

    /// Moves on past the line that was found.
    pub(super) fn consume(&mut self, extent: Extent) {
        self.window.consume(extent.whole);
        self.number += 1;
    }

    /// Returns the lines that lie whole within the next `bytes` bytes, `count` at most, without
    /// consuming them.
    pub(super) fn peek(&mut self, bytes: usize, count: usize) -> io::Result<Vec<&[u8]>> {
        self.window.fill(bytes)?;
        let (data, ended) = (self.window.data(), self.window.ended());
        let whole = if ended { data.len() } else { memchr::memrchr(b'\n', data).unwrap_or(0) };
        let lines = data[..whole].split(|&byte| byte == b'\n');
        let most = self.max_row_bytes;
        Ok(lines.filter(move |line| !is_blank(line) && line.len() <= most).take(count).collect())
    }

    /// Finds the next line that counts. Asked again before it is consumed, finds the same.
    pub(super) fn find(&mut self) -> io::Result<Found> {
        loop {
            let Some(extent) = self.next_line()? else {
                match self.pass_over()? {
                    Some(found) => return Ok(found),
                    None => continue,
                }
            };
            if extent.whole == 0 {
                return Ok(Found::End);
            }
            if self.blank || !is_blank(self.line(extent)) {
                return Ok(Found::Line(extent));
            }
            self.consume(extent);
        }
    }

    /// Finds the end of the next line, blank or not; none if it is too long. Only after the last line
    /// is there one without a single byte.
    fn next_line(&mut self) -> io::Result<Option<Extent>> {
        let mut searched = 0;
        loop {
            let data = self.window.data();
            let extent = match memchr(b'\n', &data[searched..]) {
                Some(at) => Extent { content: searched + at, whole: searched + at + 1 },
                None if self.window.ended() => Extent { content: data.len(), whole: data.len() },
                None if data.len() > self.max_row_bytes + 1 => return Ok(None),
                None => {
                    searched = data.len();
                    self.window.more()?;
                    continue;
                }
            };
            let content = without_return(&data[..extent.content]);
            return Ok((content <= self.max_row_bytes).then_some(Extent { content, ..extent }));
        }
    }

    /// Goes on to the end of a line that is too long, dropping it piece by piece; none if it was
    /// blank.
    fn pass_over(&mut self) -> io::Result<Option<Found>> {
        let place = self.place(0);
        let mut bytes = 0;
        let mut blank = true;
        loop {
            let data = self.window.data();
            let end = memchr(b'\n', data);
            let count = end.unwrap_or(data.len());
            bytes += count as u64;
            blank &= is_blank(&data[..count]);
            if end.is_some() || self.window.ended() {
                bytes -= (count - without_return(&data[..count])) as u64;
                self.consume(Extent { content: count, whole: count + usize::from(end.is_some()) });
                let cause = Cause::TooLong { bytes, limit: self.max_row_bytes as u64 };
                return Ok((!blank).then_some(Found::Bad(place, cause)));
            }
            self.window.consume(count);
            self.window.more()?;
        }
    }
}

/// Returns a line's length without the `\r` of a `\r\n`.
fn without_return(line: &[u8]) -> usize {
    line.strip_suffix(b"\r").unwrap_or(line).len()
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}
