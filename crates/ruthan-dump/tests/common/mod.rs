//! What several tests need.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it, and none exports it")]

use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex};

use ruthan_dump::{Format, Output, ReadOptions, Reader, Writer};

/// A place to write to that can be looked at afterwards.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    /// Returns an output that ends up here.
    pub fn output(&self) -> Output {
        Output::to_writer(self.clone(), "<memory>")
    }

    /// Returns what was written.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }

    /// Returns what was written, as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a file and writes it in a format; every row must be good.
pub fn rewritten(text: &str, name: &str, options: &ReadOptions, format: Format) -> String {
    let reader = Reader::from_read(Cursor::new(text.to_owned()), name, options).unwrap();
    let shared = Shared::default();
    let mut writer = Writer::new(shared.output(), format, reader.schema().clone()).unwrap();
    for batch in reader {
        let batch = batch.unwrap();
        assert!(batch.rejects.is_empty(), "{:?}", batch.rejects);
        writer.write(&batch.columns).unwrap();
    }
    writer.finish().unwrap();
    shared.text()
}
