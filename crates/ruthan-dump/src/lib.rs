//! Readers and writers of message dumps, with Arrow batches in between.
//!
//! A dump is a file of messages with whatever else its owner keeps about them: a table exported from a
//! telephone, a complaint system, a data lake. This crate turns one into a stream of [`Batch`]es of
//! bounded size, and writes [`RecordBatch`](arrow_array::RecordBatch)es back, so that a program can
//! judge the messages and append what it found. It knows nothing about judging.
//!
//! | format | names | read | written |
//! |---|---|---|---|
//! | CSV | `.csv`, `.tsv` | quotes, line breaks in fields, any line end, BOM, with or without header | RFC 4180, line feeds |
//! | JSON Lines | `.jsonl`, `.ndjson` | one object a line, blank lines skipped | one object a line |
//!
//! Three promises hold for every format and every file, however broken:
//!
//! - **Bounded memory.** A batch holds at most so many rows and so many bytes
//!   ([`ReadOptions::batch_rows`], [`ReadOptions::batch_bytes`]); a longer row than
//!   [`ReadOptions::max_row_bytes`] is passed over without being held.
//! - **Every row is accounted for.** A row is either in [`Batch::columns`] or, with its place and the
//!   cause, among [`Batch::rejects`]. Nothing is repaired silently and nothing disappears.
//! - **No message in a message.** Errors and rejects name files, rows, columns and bytes, never what
//!   was written there.
//!
//! ```
//! use ruthan_dump::{Format, Output, ReadOptions, Reader, Writer};
//!
//! # fn main() -> ruthan_dump::Result<()> {
//! let csv = "วันที่,ข้อความ\n2569-11-01,พัสดุของท่านจัดส่งไม่สำเร็จ\n";
//! let reader = Reader::from_read(csv.as_bytes(), "inbox.csv", &ReadOptions::new())?;
//! let mut writer = Writer::new(Output::sink(), Format::JsonLines, reader.schema().clone())?;
//! for batch in reader {
//!     let batch = batch?;
//!     assert_eq!(batch.text.value(0), "พัสดุของท่านจัดส่งไม่สำเร็จ");
//!     writer.write(&batch.columns)?;
//! }
//! writer.finish()
//! # }
//! ```
//!
//! # JSON in Arrow columns
//!
//! Fields of JSON Lines stay exactly as they were: a column marked by the field metadata
//! [`JSON_KEY`]` = true` holds the raw JSON of each value, null where the object had no such field.
//! The first batch fixes the columns; fields that turn up later are kept together, as a JSON object,
//! in a column `_rest`. A last column `_keys` is null but for rows whose keys came in another order or
//! spelling than the columns', and lists them then. The JSON Lines writer puts all of it together
//! again; the CSV writer decodes strings and leaves `_keys` out. [`json_field`] makes such a column
//! for nested values that a program appends.
#![deny(missing_docs, unsafe_code)]

mod batch;
mod columns;
mod error;
mod format;
mod input;
mod json_object;
mod json_string;
mod metadata;
mod options;
mod output;
mod reader;
mod reject;
mod time;
mod writer;

pub use crate::batch::{Batch, Position};
pub use crate::columns::{JSON_KEY, json_field, unique_name};
pub use crate::error::{Error, Result};
pub use crate::format::{Format, UnknownFormat};
pub use crate::input::Input;
pub use crate::metadata::Direction;
pub use crate::options::ReadOptions;
pub use crate::output::{Output, refuse_overwrite};
pub use crate::reader::{Encoding, Reader, SpoolReader, UnknownEncoding};
pub use crate::reject::{Cause, OnBadRow, Reject};
pub use crate::time::Time;
pub use crate::writer::Writer;

/// Opens a dump for reading; the same as [`Reader::open`].
///
/// # Errors
///
/// As [`Reader::open`].
pub fn open(input: &Input, options: &ReadOptions) -> Result<Reader> {
    Reader::open(input, options)
}

#[cfg(test)]
mod tests {
    #[test]
    fn readers_and_writers_can_move_between_threads() {
        fn moves<T: Send>() {}
        moves::<super::Reader>();
        moves::<super::Writer>();
        moves::<super::Error>();
    }
}
