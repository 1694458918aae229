//! Exports in which a line begins a message, or goes on with the one before.

use std::io;
use std::str;

use super::{Messages, Next, Record};
use crate::reader::Place;
use crate::reader::lines::{Found, Lines};
use crate::reject::Cause;

/// What a line is.
pub(super) enum Kind {
    /// The first of a message.
    Head(Record),
    /// None of a message: a title, a date.
    Context,
    /// More of the message before.
    More,
}

/// How the lines of a format look.
pub(super) trait Dialect: Send {
    /// Tells what a line is.
    fn kind(&mut self, line: &str) -> Kind;

    /// Undoes what the format does to a message of several lines.
    fn finish(&self, _text: &mut String) {}
}

/// The messages of a file of lines.
///
/// Whoever can write a message of several lines can make one of them look like the beginning of
/// another: such formats cannot tell.
pub(super) struct Headed<D> {
    lines: Lines,
    dialect: D,
    max_row_bytes: usize,
    /// The message to which further lines may belong.
    open: Option<Open>,
    /// A line that cannot be used, to be told after the message before it.
    queued: Option<(Place, Cause)>,
}

struct Open {
    place: Place,
    message: Result<Record, Cause>,
}

impl<D: Dialect> Headed<D> {
    /// Begins; `lines` count blank ones.
    pub(super) fn new(lines: Lines, dialect: D, max_row_bytes: usize) -> Self {
        Self { lines, dialect, max_row_bytes, open: None, queued: None }
    }

    /// Reads a line; returns the message that it ends, if any.
    fn line(&mut self, bytes: &[u8], place: Place) -> Option<Next> {
        // Where a broken line belongs can still be told.
        let line = String::from_utf8_lossy(bytes);
        let broken = str::from_utf8(bytes).err().map(|error| error.valid_up_to() + 1);
        match self.dialect.kind(&line) {
            Kind::Context => self.close(),
            Kind::Head(record) => {
                let closed = self.close();
                let message = broken.map_or(Ok(record), |byte| Err(Cause::RowEncoding { byte }));
                self.open = Some(Open { place, message });
                closed
            }
            Kind::More => match &mut self.open {
                Some(open) => {
                    open.add(&line, broken, place.bytes, self.max_row_bytes);
                    None
                }
                None if line.trim().is_empty() => None,
                None => Some(Next::Bad(place, Cause::NoMessage)),
            },
        }
    }

    /// Ends the message that is open.
    fn close(&mut self) -> Option<Next> {
        let Open { place, message } = self.open.take()?;
        Some(match message {
            Ok(mut record) => {
                if let Some(text) = &mut record.text {
                    // The blank line before a date.
                    text.truncate(text.trim_end_matches('\n').len());
                    self.dialect.finish(text);
                }
                Next::Message(place, record)
            }
            Err(Cause::TooLong { limit, .. }) => {
                Next::Bad(place, Cause::TooLong { bytes: place.bytes as u64, limit })
            }
            Err(cause) => Next::Bad(place, cause),
        })
    }
}

impl Open {
    /// Adds a line to the message.
    fn add(&mut self, line: &str, broken: Option<usize>, bytes: usize, most: usize) {
        let before = self.place.bytes;
        self.place.bytes = before.saturating_add(bytes);
        let Ok(record) = &mut self.message else { return };
        if let Some(byte) = broken {
            self.message = Err(Cause::RowEncoding { byte: before + byte });
        } else if self.place.bytes > most {
            self.message = Err(Cause::TooLong { bytes: 0, limit: most as u64 });
        } else {
            let text = record.text.get_or_insert_default();
            text.push('\n');
            text.push_str(line);
        }
    }
}

impl<D: Dialect> Messages for Headed<D> {
    fn next(&mut self) -> io::Result<Next> {
        loop {
            if let Some((place, cause)) = self.queued.take() {
                return Ok(Next::Bad(place, cause));
            }
            match self.lines.find()? {
                Found::Line(extent) => {
                    let place = self.lines.place(extent.whole);
                    let bytes = self.lines.line(extent).to_vec();
                    self.lines.consume(extent);
                    if let Some(next) = self.line(&bytes, place) {
                        return Ok(next);
                    }
                }
                Found::Bad(place, cause) => {
                    self.queued = Some((place, cause));
                    if let Some(next) = self.close() {
                        return Ok(next);
                    }
                }
                Found::End => return Ok(self.close().unwrap_or(Next::End)),
            }
        }
    }

    fn offset(&self) -> u64 {
        self.lines.offset()
    }
}
