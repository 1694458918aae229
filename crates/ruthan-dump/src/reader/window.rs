//! A window that slides over a file: the part that is being looked at, and no more.

use std::io::{self, ErrorKind, Read};

/// How much is read at once: enough to make system calls rare, little enough to stay in the cache.
const CHUNK: usize = 256 << 10;

/// A buffer over a reader, from which rows are borrowed where they lie.
pub(super) struct Window {
    read: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// The window is `buffer[start..end]`.
    start: usize,
    end: usize,
    /// Where in the file the window begins.
    offset: u64,
    ended: bool,
}

impl Window {
    pub(super) fn new(read: Box<dyn Read + Send>) -> Self {
        Self { read, buffer: Vec::new(), start: 0, end: 0, offset: 0, ended: false }
    }

    /// Returns what is in the window.
    pub(super) fn data(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Returns where in the file the window begins.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Says whether the window reaches to the end of the file.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Moves the window's beginning on by `count` bytes.
    pub(super) fn consume(&mut self, count: usize) {
        debug_assert!(count <= self.end - self.start, "only what is in the window is consumed");
        self.start += count;
        self.offset += count as u64;
    }

    /// Lets the window grow at its end by what one read gives; false at the file's end.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        // What is left over is seldom more than part of a row, so moving it costs little.
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < self.end + CHUNK {
            self.buffer.resize((self.end + CHUNK).next_power_of_two(), 0);
        }
        loop {
            match self.read.read(&mut self.buffer[self.end..self.end + CHUNK]) {
                Ok(count) => {
                    self.end += count;
                    self.ended = count == 0;
                    return Ok(!self.ended);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Lets the window grow to `size` bytes, or to the file's end.
    pub(super) fn fill(&mut self, size: usize) -> io::Result<()> {
        while self.data().len() < size && self.more()? {}
        Ok(())
    }

    /// Passes over a UTF-8 byte order mark.
    pub(super) fn skip_bom(&mut self) -> io::Result<()> {
        const BOM: &[u8] = "\u{feff}".as_bytes();
        self.fill(BOM.len())?;
        if self.data().starts_with(BOM) {
            self.consume(BOM.len());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Trickle(&'static [u8]);

    impl Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let one = self.0.len().min(1);
            (&self.0[..one]).read(buffer)?;
            self.0 = &self.0[one..];
            Ok(one)
        }
    }

    #[test]
    fn it_grows_and_slides() {
        let mut window = Window::new(Box::new(Trickle("\u{feff}กข".as_bytes())));
        window.skip_bom().unwrap();
        assert_eq!((window.data().len(), window.offset()), (0, 3));
        window.fill(4).unwrap();
        window.consume(3);
        window.fill(100).unwrap();
        assert_eq!((window.data(), window.offset()), ("ข".as_bytes(), 6));
        assert!(window.ended() && !window.more().unwrap());
    }
}
