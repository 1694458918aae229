//! What a reader hands out.

use std::sync::Arc;

use arrow_array::{RecordBatch, StringArray};

use crate::metadata::{self, Direction, Metadata};
use crate::reject::Reject;
use crate::time::Time;

/// Where a row is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Position {
    /// The row's number, counted from 1 among the rows of data, as a person counts them: the header
    /// and blank lines do not count, bad rows do.
    pub row: u64,
    /// The line on which the row begins, counted from 1; none where the format has no lines.
    pub line: Option<u64>,
    /// The byte at which the row begins, counted from 0, in the file's text as UTF-8 and unpacked; none
    /// in a table that is stored by columns.
    pub offset: Option<u64>,
}

/// Some consecutive rows of a dump, in the file's order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Batch {
    /// The file's name, for messages to people.
    pub file: Arc<str>,
    /// The good rows, in all the columns of the source; the schema is the reader's.
    pub columns: RecordBatch,
    /// Which of the columns holds the messages.
    pub text_column: usize,
    /// The messages, decoded; null where a JSON `null` says that there is none.
    pub text: StringArray,
    /// Which columns tell more of the messages.
    pub(crate) metadata: Metadata,
    /// Where each good row is, one for each row of `columns`.
    pub positions: Vec<Position>,
    /// The rows in between that cannot be used.
    pub rejects: Vec<Reject>,
}

impl Batch {
    /// Counts the good rows.
    pub fn num_rows(&self) -> usize {
        self.positions.len()
    }

    /// Returns who sent each message, null where that is not known; none if no column tells.
    pub fn senders(&self) -> Option<StringArray> {
        self.metadata.sender.map(|column| self.texts(column))
    }

    /// Returns when each message was sent or received; none if no column tells.
    pub fn times(&self) -> Option<Vec<Option<Time>>> {
        let column = self.metadata.time?;
        Some(metadata::times(self.columns.schema_ref(), self.columns.column(column), column))
    }

    /// Returns which way each message went; none if no column tells.
    pub fn directions(&self) -> Option<Vec<Option<Direction>>> {
        let words = self.texts(self.metadata.direction?);
        Some(words.iter().map(|word| word.and_then(Direction::parse)).collect())
    }

    /// Returns to which conversation each message belongs, null where that is not known; none if no
    /// column tells.
    pub fn conversations(&self) -> Option<StringArray> {
        self.metadata.conversation.map(|column| self.texts(column))
    }

    fn texts(&self, column: usize) -> StringArray {
        metadata::texts(self.columns.schema_ref(), self.columns.column(column), column)
    }

    /// Returns the number of the first row, good or bad.
    pub fn first_row(&self) -> Option<u64> {
        let good = self.positions.first().map(|position| position.row);
        let bad = self.rejects.first().map(|reject| reject.row);
        good.into_iter().chain(bad).min()
    }
}
