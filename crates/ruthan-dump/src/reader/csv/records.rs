//! Cutting a file into rows of fields.

use std::io;
use std::str;

use memchr::memchr_iter;

use super::scanner::{Field, Scan, Scanner};
use crate::reader::Place;
use crate::reader::window::Window;
use crate::reject::Cause;

/// How long the row at the window's beginning is, without and with its line break.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) content: usize,
    pub(super) whole: usize,
}

/// What comes next in a file.
pub(super) enum Found {
    /// A row, which lies at the window's beginning until it is consumed.
    Row(Extent),
    /// A row that cannot be held or has no end, and has been passed over.
    Bad(Place, Cause),
    /// Nothing.
    End,
}

/// A file cut into rows of fields.
pub(super) struct Records {
    pub(super) window: Window,
    pub(super) scanner: Scanner,
    max_row_bytes: usize,
    /// The line on which the window begins.
    line: u64,
    /// False once a row has ended with a bare `\r`: then lines cannot be told by counting `\n`.
    lines_known: bool,
}

impl Records {
    pub(super) fn new(window: Window, scanner: Scanner, max_row_bytes: usize) -> Self {
        Self { window, scanner, max_row_bytes, line: 1, lines_known: true }
    }

    /// Finds the next row. Asked again before the row is consumed, finds the same.
    pub(super) fn find(&mut self) -> io::Result<Found> {
        if !self.skip_blank_lines()? {
            return Ok(Found::End);
        }
        self.scanner.restart();
        loop {
            match self.scanner.scan(self.window.data(), self.window.ended()) {
                Scan::Row { content, .. } if content > self.max_row_bytes => {
                    return self.pass_over();
                }
                Scan::Row { content, whole } => return Ok(Found::Row(Extent { content, whole })),
                Scan::Unclosed => return self.pass_over(),
                // One more, since the last byte may be the `\r` of the line break.
                Scan::More if self.window.data().len() > self.max_row_bytes + 1 => {
                    return self.pass_over();
                }
                Scan::More => {
                    self.window.more()?;
                }
            }
        }
    }

    /// Goes on to the end of a row that cannot be used, dropping it piece by piece.
    fn pass_over(&mut self) -> io::Result<Found> {
        let place = self.place(0);
        let begin = self.window.offset();
        loop {
            let scan = self.scanner.scan(self.window.data(), self.window.ended());
            let bytes = |end: usize| self.window.offset() + end as u64 - begin;
            match scan {
                Scan::Row { content, whole } => {
                    let limit = self.max_row_bytes as u64;
                    let cause = Cause::TooLong { bytes: bytes(content), limit };
                    self.consume(Extent { content, whole });
                    return Ok(Found::Bad(place, cause));
                }
                Scan::Unclosed => {
                    let rest = self.window.data().len();
                    let cause = Cause::UnclosedQuote { bytes: bytes(rest) };
                    self.consume_counting(rest);
                    return Ok(Found::Bad(place, cause));
                }
                Scan::More => {
                    let scanned = self.scanner.forget();
                    self.consume_counting(scanned);
                    self.window.more()?;
                }
            }
        }
    }

    /// Passes over line breaks before a row; false at the file's end.
    fn skip_blank_lines(&mut self) -> io::Result<bool> {
        loop {
            let data = self.window.data();
            let breaks = data.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let all = breaks == data.len();
            if breaks > 0 {
                self.consume_counting(breaks);
            }
            if !all {
                return Ok(true);
            }
            if !self.window.more()? {
                return Ok(false);
            }
        }
    }

    /// Returns where the window begins, as the place of a row of so many bytes.
    pub(super) fn place(&self, bytes: usize) -> Place {
        let line = self.lines_known.then_some(self.line);
        Place { line, offset: Some(self.window.offset()), bytes }
    }

    /// Decodes the fields of the row that was found.
    pub(super) fn decoded(&self, extent: Extent) -> Result<Vec<String>, Cause> {
        let row = &self.window.data()[..extent.content];
        let row = str::from_utf8(row)
            .map_err(|error| Cause::RowEncoding { byte: error.valid_up_to() + 1 })?;
        let decode = |field: &Field| {
            let mut name = String::new();
            field.decode(row, &mut name);
            name
        };
        Ok(self.scanner.fields().iter().map(decode).collect())
    }

    /// Moves on past the row that was found.
    pub(super) fn consume(&mut self, extent: Extent) {
        let line_break = &self.window.data()[extent.content..extent.whole];
        self.lines_known &= line_break != b"\r";
        self.consume_counting(extent.whole);
    }

    /// Moves the window on and counts the lines passed.
    fn consume_counting(&mut self, count: usize) {
        self.line += memchr_iter(b'\n', &self.window.data()[..count]).count() as u64;
        self.window.consume(count);
    }
}
