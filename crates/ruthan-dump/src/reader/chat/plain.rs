//! Plain text: a message on each line, blank lines skipped.

use std::io;
use std::str;

use super::{Messages, Next, Record};
use crate::reader::lines::{Found, Lines};
use crate::reader::window::Window;
use crate::reject::Cause;

/// The lines of a text.
pub(super) struct Plain(Lines);

impl Plain {
    pub(super) fn new(window: Window, max_row_bytes: usize) -> Self {
        Self(Lines::new(window, max_row_bytes))
    }
}

impl Messages for Plain {
    fn next(&mut self) -> io::Result<Next> {
        let extent = match self.0.find()? {
            Found::Line(extent) => extent,
            Found::Bad(place, cause) => return Ok(Next::Bad(place, cause)),
            Found::End => return Ok(Next::End),
        };
        let place = self.0.place(extent.whole);
        let next = match str::from_utf8(self.0.line(extent)) {
            Ok(line) => {
                Next::Message(place, Record { text: Some(line.to_owned()), ..Record::default() })
            }
            Err(error) => Next::Bad(place, Cause::RowEncoding { byte: error.valid_up_to() + 1 }),
        };
        self.0.consume(extent);
        Ok(next)
    }

    fn offset(&self) -> u64 {
        self.0.offset()
    }
}
