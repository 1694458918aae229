//! How to read a dump.

use crate::error::{Error, Result};
use crate::format::Format;
use crate::reader::Encoding;
use crate::reject::OnBadRow;

/// No batch and no row may be larger: Arrow counts the bytes of a column in 31 bits.
const MOST_BYTES: usize = 512 << 20;

/// How a dump is to be read; the defaults suit an export with a header in UTF-8.
///
/// ```
/// use ruthan_dump::{Format, OnBadRow, ReadOptions};
///
/// let options = ReadOptions::new()
///     .format(Format::Csv)
///     .delimiter(b';')
///     .text_column("ข้อความ")
///     .on_bad_row(OnBadRow::Stop);
/// ```
#[derive(Debug, Clone)]
pub struct ReadOptions {
    pub(crate) format: Option<Format>,
    pub(crate) encoding: Option<Encoding>,
    pub(crate) text_column: Option<String>,
    pub(crate) sender_column: Option<String>,
    pub(crate) time_column: Option<String>,
    pub(crate) direction_column: Option<String>,
    pub(crate) conversation_column: Option<String>,
    pub(crate) header: bool,
    pub(crate) delimiter: Option<u8>,
    pub(crate) on_bad_row: OnBadRow,
    pub(crate) batch_rows: usize,
    pub(crate) batch_bytes: usize,
    pub(crate) max_row_bytes: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            encoding: None,
            text_column: None,
            sender_column: None,
            time_column: None,
            direction_column: None,
            conversation_column: None,
            header: true,
            delimiter: None,
            on_bad_row: OnBadRow::default(),
            batch_rows: 4_096,
            batch_bytes: 4 << 20,
            max_row_bytes: 2 << 20,
        }
    }
}

impl ReadOptions {
    /// Returns the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the format, instead of telling it from the name or the content.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// Sets the encoding of the text, instead of telling it from the first 64 KiB: byte order marks and
    /// zeros tell UTF-16; Thai bytes, and nothing that could be UTF-8, tell Windows-874.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = Some(encoding);
        self
    }

    /// Names the column of messages, instead of the first found of `text`, `message`, `body`,
    /// `content`, `sms`, `msg` and `ข้อความ`.
    ///
    /// Case and surrounding space do not matter unless several columns differ by nothing else. In a
    /// CSV file without header a column is named by its number, counted from 1.
    #[must_use]
    pub fn text_column(mut self, name: impl Into<String>) -> Self {
        self.text_column = Some(name.into());
        self
    }

    /// Names the column of senders, instead of finding it by its name.
    #[must_use]
    pub fn sender_column(mut self, name: impl Into<String>) -> Self {
        self.sender_column = Some(name.into());
        self
    }

    /// Names the column of times, instead of finding it by its name.
    #[must_use]
    pub fn time_column(mut self, name: impl Into<String>) -> Self {
        self.time_column = Some(name.into());
        self
    }

    /// Names the column of directions (received or sent), instead of finding it by its name.
    #[must_use]
    pub fn direction_column(mut self, name: impl Into<String>) -> Self {
        self.direction_column = Some(name.into());
        self
    }

    /// Names the column of conversations, instead of finding it by its name.
    #[must_use]
    pub fn conversation_column(mut self, name: impl Into<String>) -> Self {
        self.conversation_column = Some(name.into());
        self
    }

    /// Says whether the first row of a CSV file names the columns (the default); if not, they are
    /// `column_1`, `column_2` …
    #[must_use]
    pub fn header(mut self, header: bool) -> Self {
        self.header = header;
        self
    }

    /// Sets the character between the fields of a CSV file, instead of a comma, or the tab in TSV.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Sets what happens to a row that cannot be used; by default it is collected.
    #[must_use]
    pub fn on_bad_row(mut self, on_bad_row: OnBadRow) -> Self {
        self.on_bad_row = on_bad_row;
        self
    }

    /// Sets how many rows, good and bad, a batch has at most: 4,096 by default, at least 1.
    #[must_use]
    pub fn batch_rows(mut self, rows: usize) -> Self {
        self.batch_rows = rows.max(1);
        self
    }

    /// Sets how many bytes of the file a batch takes in at most, unless its only row is longer: 4 MiB
    /// by default, at most 512 MiB.
    #[must_use]
    pub fn batch_bytes(mut self, bytes: usize) -> Self {
        self.batch_bytes = bytes.clamp(1, MOST_BYTES);
        self
    }

    /// Sets how long a row may be before it is rejected unread: 2 MiB by default, at most 512 MiB.
    #[must_use]
    pub fn max_row_bytes(mut self, bytes: usize) -> Self {
        self.max_row_bytes = bytes.clamp(1, MOST_BYTES);
        self
    }

    /// Returns the character between the fields of a file in `format`.
    pub(crate) fn delimiter_for(&self, format: Format) -> Result<u8> {
        match self.delimiter.unwrap_or_else(|| format.delimiter()) {
            delimiter @ (b'"' | b'\r' | b'\n' | 0x80..) => Err(Error::Delimiter(delimiter)),
            delimiter => Ok(delimiter),
        }
    }
}
