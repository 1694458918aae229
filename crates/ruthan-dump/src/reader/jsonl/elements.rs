//! Cutting a JSON array into its elements.

use std::io;

use memchr::memchr_iter;

use super::Cut;
use crate::reader::Place;
use crate::reader::json_value::ValueEnd;
use crate::reader::lines::{Extent, Found};
use crate::reader::window::Window;
use crate::reject::Cause;

/// A JSON array cut into its elements.
pub(in crate::reader) struct Elements {
    window: Window,
    max_row_bytes: usize,
    /// The line on which the window begins.
    line: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the opening bracket.
    Before,
    Inside,
    /// After the closing bracket.
    After,
    /// All has been said.
    Ended,
}

impl Elements {
    pub(super) fn new(window: Window, max_row_bytes: usize) -> Self {
        Self { window, max_row_bytes, line: 1, state: State::Before }
    }

    fn advance(&mut self, count: usize) {
        self.line += memchr_iter(b'\n', &self.window.data()[..count]).count() as u64;
        self.window.consume(count);
    }

    /// Passes over space and commas; returns the next byte, none at the file's end.
    fn skip_space(&mut self) -> io::Result<Option<u8>> {
        loop {
            let data = self.window.data();
            let space = data.iter().take_while(|byte| is_space(**byte)).count();
            let next = data.get(space).copied();
            self.advance(space);
            if next.is_some() || !self.window.more()? {
                return Ok(next);
            }
        }
    }

    /// Finds the end of the element that begins the window.
    fn element(&mut self) -> io::Result<Found> {
        let mut end = ValueEnd::default();
        loop {
            let (data, ended) = (self.window.data(), self.window.ended());
            match end.find(data, ended) {
                Some(length) if length > self.max_row_bytes => {
                    let place = self.place(0);
                    self.advance(length);
                    let limit = self.max_row_bytes as u64;
                    return Ok(Found::Bad(place, Cause::TooLong { bytes: length as u64, limit }));
                }
                // A bracket or colon where an element should be.
                Some(length) => {
                    let length = length.max(1);
                    return Ok(Found::Line(Extent { content: length, whole: length }));
                }
                None if ended => return Ok(self.cut_short()),
                None if data.len() > self.max_row_bytes => return self.pass_over(end),
                None => {
                    self.window.more()?;
                }
            }
        }
    }

    /// Goes on to the end of an element that is too long, dropping it piece by piece.
    fn pass_over(&mut self, mut end: ValueEnd) -> io::Result<Found> {
        let place = self.place(0);
        let begin = self.window.offset();
        loop {
            let found = end.find(self.window.data(), self.window.ended());
            let scanned = end.forget();
            self.advance(found.unwrap_or(scanned));
            if found.is_some() || !self.window.more()? {
                let bytes = self.window.offset() - begin;
                let cause = Cause::TooLong { bytes, limit: self.max_row_bytes as u64 };
                return Ok(Found::Bad(place, cause));
            }
        }
    }

    /// Says that the file ends in the middle, and that there is no more.
    fn cut_short(&mut self) -> Found {
        let place = self.place(0);
        self.advance(self.window.data().len());
        self.state = State::Ended;
        Found::Bad(place, Cause::FileCutShort)
    }

    /// Passes over all that follows, which is none of the array.
    fn rest(&mut self) -> io::Result<Found> {
        let place = self.place(0);
        self.state = State::Ended;
        loop {
            self.advance(self.window.data().len());
            if !self.window.more()? {
                return Ok(Found::Bad(place, Cause::NotAnObject));
            }
        }
    }
}

impl Cut for Elements {
    fn find(&mut self) -> io::Result<Found> {
        loop {
            if self.state == State::Ended {
                return Ok(Found::End);
            }
            let next = self.skip_space()?;
            match (self.state, next) {
                (State::Before | State::After, None) => self.state = State::Ended,
                (State::Before, Some(b'[')) => {
                    self.advance(1);
                    self.state = State::Inside;
                }
                (State::Inside, None) => return Ok(self.cut_short()),
                (State::Inside, Some(b']')) => {
                    self.advance(1);
                    self.state = State::After;
                }
                (State::Inside, Some(_)) => return self.element(),
                (State::Before | State::After, Some(_)) => return self.rest(),
                (State::Ended, _) => {}
            }
        }
    }

    fn line(&self, extent: Extent) -> &[u8] {
        &self.window.data()[..extent.content]
    }

    fn consume(&mut self, extent: Extent) {
        self.advance(extent.whole);
    }

    fn place(&self, bytes: usize) -> Place {
        Place { line: Some(self.line), offset: Some(self.window.offset()), bytes }
    }

    fn offset(&self) -> u64 {
        self.window.offset()
    }

    fn peek(&mut self, bytes: usize, count: usize) -> io::Result<Vec<&[u8]>> {
        self.window.fill(bytes)?;
        let (data, ended) = (self.window.data(), self.window.ended());
        let mut at = data.iter().take_while(|byte| is_space(**byte)).count();
        at += usize::from(data.get(at) == Some(&b'['));
        let mut elements = Vec::new();
        while elements.len() < count {
            at += data[at..].iter().take_while(|byte| is_space(**byte)).count();
            let Some(length) = ValueEnd::default().find(&data[at..], ended) else { break };
            if length == 0 {
                break;
            }
            if length <= self.max_row_bytes {
                elements.push(&data[at..at + length]);
            }
            at += length;
        }
        Ok(elements)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',')
}
