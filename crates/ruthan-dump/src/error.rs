//! What can stop the reading or writing of a dump.

use std::io;

use arrow_schema::DataType;

use crate::format::Format;
use crate::reject::{Cause, Reject};

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a dump could not be read or written: each message names the file, the row if any, and the cause.
///
/// No message of the dump, nor any part of one, is ever in an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened: missing, a directory, not allowed.
    #[error("`{file}`: cannot be opened: {cause}")]
    Open {
        /// The file's name.
        file: String,
        /// What the system said.
        cause: io::Error,
    },
    /// The system failed while the file was being read.
    #[error("`{file}`: reading failed after row {row}: {cause}")]
    Read {
        /// The file's name.
        file: String,
        /// The last row that was read, 0 for none.
        row: u64,
        /// What the system said.
        cause: io::Error,
    },
    /// The file has nothing in it, not even a header row.
    #[error("`{file}`: the file is empty, without even a header row")]
    Empty {
        /// The file's name.
        file: String,
    },
    /// The header row, or the first row of a file without one, cannot be used.
    #[error("`{file}`: the first row cannot be used: {cause}")]
    FirstRow {
        /// The file's name.
        file: String,
        /// What is wrong with it.
        cause: Cause,
    },
    /// No column is called as columns of messages usually are.
    #[error(
        "`{file}`: no column is called `text`, `message` or the like; name the one that holds the messages with --text-column: {columns}"
    )]
    NoTextColumn {
        /// The file's name.
        file: String,
        /// The columns that there are, for people.
        columns: String,
    },
    /// The column asked for does not exist.
    #[error("`{file}`: no column `{wanted}` for {option}; the columns are {columns}")]
    NoSuchColumn {
        /// The file's name.
        file: String,
        /// What the column was asked for with.
        option: &'static str,
        /// The column that was asked for.
        wanted: String,
        /// The columns that there are, for people.
        columns: String,
    },
    /// The column of messages holds something else than strings.
    #[error("`{file}`: column `{column}` holds {data_type}, not strings")]
    NotText {
        /// The file's name.
        file: String,
        /// The column.
        column: String,
        /// What it holds.
        data_type: DataType,
    },
    /// A character cannot separate fields.
    #[error("a delimiter must be one ASCII character, not a quote or line break: byte {0:#04x}")]
    Delimiter(u8),
    /// A row is bad, and [`OnBadRow::Stop`](crate::OnBadRow::Stop) was asked for.
    #[error("{0}")]
    BadRow(Reject),
    /// The output cannot be written.
    #[error("`{file}`: cannot be written: {cause}")]
    Write {
        /// The file's name.
        file: String,
        /// What the system said.
        cause: io::Error,
    },
    /// Whoever read the output has gone, as `head` does: for a command line, success.
    #[error("the reader of the output has closed it")]
    BrokenPipe,
    /// The output would replace an input of the same run.
    #[error("`{file}`: is an input and the output at once; choose another name for the output")]
    Overwrite {
        /// The file's name.
        file: String,
    },
    /// A format is none that can be written, or not in this way.
    #[error("the format {} is only read, not written", format.as_str())]
    NotWritten {
        /// The format.
        format: Format,
    },
    /// A column's type is none that the writers know.
    #[error("column `{column}` has the type {data_type}, which cannot be written")]
    ColumnType {
        /// The column's name.
        column: String,
        /// The type.
        data_type: DataType,
    },
    /// A batch has other columns than the writer was made for.
    #[error("`{file}`: a batch to write has other columns than the first")]
    SchemaChanged {
        /// The output's name.
        file: String,
    },
}

impl Error {
    /// Says whether the error is only that the output's reader has gone.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::BrokenPipe)
    }

    /// Wraps a failure to write to `file`.
    pub(crate) fn write(file: &str, cause: io::Error) -> Self {
        if cause.kind() == io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::Write { file: file.to_owned(), cause }
        }
    }
}
