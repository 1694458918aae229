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
//! | JSON array | by content | an array of objects, over any number of lines | – |
//! | Parquet | `.parquet` | from a file that is not packed | zstd, row groups of at most 131,072 rows |
//! | Arrow IPC | `.arrow`, `.feather` | file or stream | file, zstd |
//! | plain text | `.txt` | a message on each line | – |
//! | SMS Backup & Restore | by content | SMS, text parts of MMS; pictures are passed over | – |
//! | LINE | by content | Thai and English, telephone and computer, years of either era | – |
//! | WhatsApp | by content | Android and iOS; the order of day and month is told by the dates | – |
//! | Telegram | by content | `result.json` of one chat or all; hidden links follow their words in brackets | – |
//!
//! Text may be in UTF-8, UTF-16 or Windows-874 (TIS-620) ([`Encoding`]); offsets count its bytes as
//! UTF-8. Any of it may be packed by gzip or Zstandard, or lie as the only dump in a zip archive. All of
//! this is told from the first bytes, and can be overridden.
//!
//! The exports of telephones and chats become the columns `conversation`, `time`, `direction` (received,
//! sent or system: nobody wrote it), `sender` and `text`. A time with `Z` is in UTC; LINE and WhatsApp do
//! not tell their zone, and there it is that of the clock on the wall. Where a file does not tell who
//! wrote a message, `direction` is null. Tables have such columns by name, in Thai and English
//! ([`Batch::senders`] and others).
//!
//! Three promises hold for every format and every file, however broken:
//!
//! - **Bounded memory.** A batch holds at most so many rows and so many bytes
//!   ([`ReadOptions::batch_rows`], [`ReadOptions::batch_bytes`]); a longer row than
//!   [`ReadOptions::max_row_bytes`] is passed over without being held. Of Parquet a page, of Arrow IPC a
//!   batch of the file is held, too, as large as whoever wrote it made them.
//! - **Every row is accounted for.** A row is either in [`Batch::columns`] or, with its place and the
//!   cause, among [`Batch::rejects`]. Nothing is repaired silently and nothing disappears; where a file
//!   is cut short or damaged, one reject says so.
//! - **No message in a message.** Errors and rejects name files, rows, columns and bytes, never what
//!   was written there.
//!
//! # Limits
//!
//! | what | limit | beyond it | set by |
//! |---|---|---|---|
//! | rows of a batch, good and bad | 4,096 | the next batch | [`ReadOptions::batch_rows`] |
//! | bytes of the file in a batch | 4 MiB | the next batch; a longer row has one to itself | [`ReadOptions::batch_bytes`], up to 512 MiB |
//! | a row | 2 MiB | a reject, [`Cause::TooLong`] | [`ReadOptions::max_row_bytes`], up to 512 MiB |
//! | columns of CSV | 16,384 | [`Cause::TooManyColumns`] | – |
//! | columns of JSON | 1,024 | later fields are kept together in `_rest` | – |
//! | depth of JSON | none: it costs no stack | – | – |
//! | dumps in a zip archive | 1; archives within archives are not opened | [`Error::Open`] | – |
//! | what a packed file unpacks to | none: it is read as a stream, never held | – | – |
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
//! again; the others decode strings and leave `_keys` out, so that in Parquet and Arrow every field of
//! JSON is a string, nested ones as their JSON. [`json_field`] makes such a column for nested values that
//! a program appends.
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
