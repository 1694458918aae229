//! Rows that cannot be used, and why.

use std::fmt;

use serde::{Serialize, Serializer};

/// What to do with a row that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnBadRow {
    /// Ends the stream with [`Error::BadRow`](crate::Error::BadRow), after the rows before it.
    Stop,
    /// Hands it out among [`Batch::rejects`](crate::Batch::rejects) and goes on.
    #[default]
    Collect,
}

/// A row that cannot be used: where it is and why, and nothing of what it says.
///
/// As JSON: `{"file":"inbox.csv","row":3,"line":5,"offset":212,"cause":"…"}`, without `line` where it
/// is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reject {
    /// The file's name.
    pub file: String,
    /// The row's number, counted from 1 among the rows of data.
    pub row: u64,
    /// The line on which the row begins, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The byte at which the row begins, counted from 0, in the file's text as UTF-8 and unpacked; none
    /// in a table that is stored by columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// What is wrong with it.
    pub cause: Cause,
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: row {}", self.file, self.row)?;
        if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        write!(f, ": {}", self.cause)
    }
}

/// Why a row cannot be used; displayed and serialised as a sentence.
///
/// The variants hold numbers and names of columns only, so that no message can leak through one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// A field of a CSV row is not UTF-8.
    #[error("not valid UTF-8 at byte {byte} of field {field} (`{name}`)")]
    FieldEncoding {
        /// The first bad byte, counted from 1 in the field.
        byte: usize,
        /// The field, counted from 1.
        field: usize,
        /// The column's name.
        name: String,
    },
    /// A row, or the header, is not UTF-8.
    #[error("not valid UTF-8 at byte {byte} of the row")]
    RowEncoding {
        /// The first bad byte, counted from 1 in the row.
        byte: usize,
    },
    /// A CSV row has more or fewer fields than the first.
    #[error(
        "{found} field{} where the {} has {expected}",
        if *found == 1 { "" } else { "s" },
        if *header { "header" } else { "first row" }
    )]
    FieldCount {
        /// The fields of this row.
        found: usize,
        /// The fields of the first.
        expected: usize,
        /// Whether the first row is a header.
        header: bool,
    },
    /// A file has more columns than can be kept.
    #[error("{} columns, more than the limit {}", grouped(*found as u64), grouped(*limit as u64))]
    TooManyColumns {
        /// The columns found.
        found: usize,
        /// How many can be.
        limit: usize,
    },
    /// A quoted CSV field has no end, so that it took in the rest of the file.
    #[error(
        "a quoted field is never closed: the {} bytes to the end of the file were taken for this one row",
        grouped(*bytes)
    )]
    UnclosedQuote {
        /// How much was swallowed.
        bytes: u64,
    },
    /// The row is too long to be held.
    #[error("row is {} bytes, more than the limit {}", grouped(*bytes), grouped(*limit))]
    TooLong {
        /// The row's length.
        bytes: u64,
        /// The longest that is read.
        limit: u64,
    },
    /// A line is something else than a JSON object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A line begins as a JSON object and is none.
    #[error("not valid JSON at byte {byte} of the line")]
    Json {
        /// Where reading failed, counted from 1 in the line.
        byte: usize,
    },
    /// A line ends before its JSON object does.
    #[error("the JSON object is cut short")]
    JsonCutShort,
    /// Half of a UTF-16 pair stands alone in a JSON string, and so means no character.
    #[error("lone surrogate \\u{unit:04x} in a JSON string")]
    LoneSurrogate {
        /// The half.
        unit: u16,
    },
    /// An object has the same key twice.
    #[error("key {number} of the object repeats an earlier key")]
    DuplicateKey {
        /// The second one's place among the object's keys, counted from 1.
        number: usize,
    },
    /// A message or its element ends with the file, or the file before it has been closed.
    #[error("the file is cut short here")]
    FileCutShort,
    /// What a compressed file holds is not what was put in.
    #[error("the file is damaged or cut short: nothing can be read from here on")]
    Damaged,
    /// An object of JSON is no message as the format has them.
    #[error("not a message of this format, at byte {byte} of the object")]
    NotAMessage {
        /// Where reading failed, counted from 1 in the object.
        byte: usize,
    },
    /// An element is not as XML must be.
    #[error("not valid XML in attribute {attribute} of the element")]
    Xml {
        /// The attribute, counted from 1.
        attribute: usize,
    },
    /// Half of a UTF-16 pair stands alone in an XML attribute, and so means no character.
    #[error("lone surrogate &#{unit}; in an XML attribute")]
    LoneSurrogateEntity {
        /// The half.
        unit: u32,
    },
    /// Text that belongs to no message: it comes before the first, or is in another form.
    #[error("text that belongs to no message")]
    NoMessage,
    /// The field that should hold the message is absent.
    #[error("no field `{name}`")]
    NoField {
        /// The field's name.
        name: String,
    },
    /// The field that should hold the message holds something else.
    #[error("field `{name}` is {kind}, not a string")]
    NotAString {
        /// The field's name.
        name: String,
        /// What it holds: "a number", "an object" …
        kind: &'static str,
    },
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Writes a number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_sentences() {
        let long = Cause::TooLong { bytes: 5_000_000, limit: 2_097_152 };
        assert_eq!(long.to_string(), "row is 5,000,000 bytes, more than the limit 2,097,152");
        let count = Cause::FieldCount { found: 3, expected: 4, header: true };
        assert_eq!(count.to_string(), "3 fields where the header has 4");
        let one = Cause::FieldCount { found: 1, expected: 2, header: false };
        assert_eq!(one.to_string(), "1 field where the first row has 2");
        let half = Cause::LoneSurrogate { unit: 0xd83d };
        assert_eq!(half.to_string(), "lone surrogate \\ud83d in a JSON string");
        let field =
            Cause::FieldEncoding { byte: 17, field: 2, name: "ข้อความ".into() };
        assert_eq!(field.to_string(), "not valid UTF-8 at byte 17 of field 2 (`ข้อความ`)");
    }

    #[test]
    fn a_reject_is_a_json_line() {
        let reject = Reject {
            file: "a.csv".into(),
            row: 3,
            line: Some(5),
            offset: Some(212),
            cause: Cause::NotAnObject,
        };
        assert_eq!(
            serde_json::to_string(&reject).unwrap(),
            r#"{"file":"a.csv","row":3,"line":5,"offset":212,"cause":"not a JSON object"}"#
        );
        assert_eq!(reject.to_string(), "`a.csv`: row 3 (line 5): not a JSON object");
    }

    #[test]
    fn thousands_are_parted() {
        assert_eq!([0, 999, 1_000, 12_345_678].map(grouped), ["0", "999", "1,000", "12,345,678"]);
    }
}
