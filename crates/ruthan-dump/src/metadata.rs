//! What is known of a message beside its text: who sent it, when, which way, in which conversation.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMillisecondType;
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_schema::{DataType, Schema, TimeUnit};

use crate::columns::{self, Role};
use crate::error::{Error, Result};
use crate::json_string;
use crate::options::ReadOptions;
use crate::time::Time;

/// What columns of each kind are called, the likeliest first.
const SENDER: [&str; 12] = [
    "sender",
    "from",
    "address",
    "sender_name",
    "sender_id",
    "from_number",
    "originator",
    "phone",
    "number",
    "ผู้ส่ง",
    "เบอร์ผู้ส่ง",
    "จาก",
];
const TIME: [&str; 12] = [
    "time",
    "timestamp",
    "date",
    "datetime",
    "sent_at",
    "received_at",
    "created_at",
    "date_sent",
    "วันที่",
    "เวลา",
    "วันเวลา",
    "วันที่ส่ง",
];
const DIRECTION: [&str; 5] = ["direction", "type", "folder", "ทิศทาง", "ประเภท"];
const CONVERSATION: [&str; 9] = [
    "conversation",
    "conversation_id",
    "chat",
    "chat_id",
    "thread",
    "thread_id",
    "group",
    "ห้องแชท",
    "การสนทนา",
];

/// Which way a message went, seen from whoever keeps the dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// It came in.
    Received,
    /// It was written by the owner.
    Sent,
    /// Nobody wrote it: the application says that somebody joined, or called.
    System,
}

impl Direction {
    /// Returns the word for it in files: `received`, `sent` or `system`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Sent => "sent",
            Self::System => "system",
        }
    }

    /// Reads a word for it, such as `received`, `inbox`, `in`, `ขาเข้า`, or Android's number of it (1 is
    /// received, 2 to 6 are sent, or about to be).
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "received" | "incoming" | "inbound" | "inbox" | "in" | "1" | "รับ" | "ขาเข้า" | "เข้า" => {
                Self::Received
            }
            "sent" | "outgoing" | "outbound" | "outbox" | "out" | "draft" | "failed" | "queued"
            | "2" | "3" | "4" | "5" | "6" | "ส่ง" | "ขาออก" | "ออก" => {
                Self::Sent
            }
            "system" | "service" | "ระบบ" => Self::System,
            _ => return None,
        })
    }
}

/// Which columns tell what beside the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) sender: Option<usize>,
    pub(crate) time: Option<usize>,
    pub(crate) direction: Option<usize>,
    pub(crate) conversation: Option<usize>,
}

impl Metadata {
    /// Finds the columns: those that were asked for, or else the likeliest by name. None is the column
    /// of messages.
    pub(crate) fn find(
        schema: &Schema,
        text_column: usize,
        file: &str,
        options: &ReadOptions,
    ) -> Result<Self> {
        let fields = schema.fields();
        let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
        let find = |option, wanted: Option<&str>, usual: &[&str]| match wanted {
            Some(wanted) => columns::find(&names, wanted).map(Some).ok_or_else(|| {
                let (file, wanted) = (file.to_owned(), wanted.to_owned());
                Error::NoSuchColumn { file, option, wanted, columns: columns::listed(&names) }
            }),
            None => Ok(usual
                .iter()
                .find_map(|name| columns::find(&names, name))
                .filter(|&index| index != text_column)),
        };
        let ReadOptions {
            sender_column, time_column, direction_column, conversation_column, ..
        } = options;
        Ok(Self {
            sender: find("--sender-column", sender_column.as_deref(), &SENDER)?,
            time: find("--time-column", time_column.as_deref(), &TIME)?,
            direction: find("--direction-column", direction_column.as_deref(), &DIRECTION)?,
            conversation: find(
                "--conversation-column",
                conversation_column.as_deref(),
                &CONVERSATION,
            )?,
        })
    }
}

/// Returns a column's values as text, empty ones and what is no text or number as null.
pub(crate) fn texts(schema: &Schema, column: &ArrayRef, index: usize) -> StringArray {
    let json = Role::of(schema.field(index)) == Role::Json;
    let values = match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().clone(),
        _ => match arrow_cast::cast(column, &DataType::Utf8) {
            Ok(values) => values.as_string::<i32>().clone(),
            Err(_) => return StringArray::new_null(column.len()),
        },
    };
    if !json {
        return values.iter().map(|value| value.filter(|value| !value.is_empty())).collect();
    }
    values.iter().map(|value| value.and_then(scalar)).collect()
}

/// Reads a raw JSON value as text; none for null, lists and objects.
pub(crate) fn scalar(json: &str) -> Option<Cow<'_, str>> {
    match json.as_bytes().first()? {
        b'"' => {
            let mut text = String::new();
            json_string::decode(json, &mut text);
            (!text.is_empty()).then_some(Cow::Owned(text))
        }
        b'n' | b'[' | b'{' => None,
        _ => Some(Cow::Borrowed(json)),
    }
}

/// Returns a column's values as times, null where they cannot be read.
pub(crate) fn times(schema: &Schema, column: &ArrayRef, index: usize) -> Vec<Option<Time>> {
    if let DataType::Timestamp(_, zone) = column.data_type() {
        let utc = zone.is_some();
        let millis = DataType::Timestamp(TimeUnit::Millisecond, zone.clone());
        let Ok(values) = arrow_cast::cast(column, &millis) else { return vec![None; column.len()] };
        let values = values.as_primitive::<TimestampMillisecondType>();
        return values.iter().map(|value| value.map(|millis| Time { millis, utc })).collect();
    }
    texts(schema, column, index).iter().map(|text| text.and_then(Time::parse)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::TimestampSecondArray;
    use arrow_schema::Field;

    use super::*;

    fn schema(names: &[&str]) -> Schema {
        let fields = names.iter().map(|name| Field::new(*name, DataType::Utf8, true));
        Schema::new(fields.collect::<Vec<_>>())
    }

    #[test]
    fn columns_are_found_by_name_in_both_languages() {
        let find = |names: &[&str], text| {
            Metadata::find(&schema(names), text, "f", &ReadOptions::new()).unwrap()
        };
        let thai = find(&["วันที่", "ผู้ส่ง", "ข้อความ", "ทิศทาง"], 2);
        assert_eq!((thai.time, thai.sender, thai.direction), (Some(0), Some(1), Some(3)));
        let english = find(&["Thread_ID", "From", "Date", "body"], 3);
        assert_eq!(
            (english.conversation, english.sender, english.time),
            (Some(0), Some(1), Some(2))
        );
        // The column of messages is nothing else.
        assert_eq!(find(&["from"], 0), Metadata::default());
    }

    #[test]
    fn a_column_that_was_asked_for_must_exist() {
        let options = ReadOptions::new().sender_column("who");
        let found = Metadata::find(&schema(&["text", "WHO"]), 0, "f", &options).unwrap();
        assert_eq!(found.sender, Some(1));
        let error = Metadata::find(&schema(&["text"]), 0, "f", &options).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`f`: no column `who` for --sender-column; the columns are `text`"
        );
    }

    #[test]
    fn values_are_read_whatever_their_type() {
        let json = Schema::new(vec![columns::source_json_field("sender", "\"sender\"")]);
        let values: ArrayRef = Arc::new(StringArray::from(vec![
            Some("\"\\u0e01\""),
            Some("812"),
            Some("null"),
            Some("[1]"),
            None,
            Some("\"\""),
        ]));
        let read = texts(&json, &values, 0);
        let expected = [Some("ก"), Some("812"), None, None, None, None];
        assert_eq!(read.iter().collect::<Vec<_>>(), expected);

        let field = Field::new("t", DataType::Timestamp(TimeUnit::Second, None), true);
        let column: ArrayRef = Arc::new(TimestampSecondArray::from(vec![Some(2), None]));
        let read = times(&Schema::new(vec![field]), &column, 0);
        assert_eq!(read, [Some(Time { millis: 2_000, utc: false }), None]);
    }

    #[test]
    fn directions_have_many_words() {
        for (word, direction) in [("Inbox", Direction::Received), (" 2", Direction::Sent)] {
            assert_eq!(Direction::parse(word), Some(direction));
        }
        for direction in [Direction::Received, Direction::Sent, Direction::System] {
            assert_eq!(Direction::parse(direction.as_str()), Some(direction));
        }
        assert_eq!(Direction::parse("ham"), None);
    }
}
