//! What telephones and chat applications export: one message after the other, in columns of our own.
//!
//! A format implements [`Messages`]; the columns and the limits are dealt with here.

mod headed;
mod line;
mod plain;
mod sms_backup;
mod telegram;
mod whatsapp;

use std::io;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::window::Window;
use super::{Place, Rows, Step};
use crate::format::Format;
use crate::metadata::Direction;
use crate::options::ReadOptions;
use crate::reject::Cause;
use crate::time::Time;

pub(super) use line::is_line;
pub(super) use whatsapp::is_whatsapp;

/// The columns of every format, the messages last.
const COLUMNS: [&str; 5] = ["conversation", "time", "direction", "sender", "text"];

/// A message as it was found. An empty string stands for what is not known.
#[derive(Debug, Clone, Default)]
struct Record {
    conversation: String,
    time: Option<Time>,
    direction: Option<Direction>,
    sender: String,
    text: Option<String>,
}

/// What comes next in an export.
enum Next {
    Message(Place, Record),
    Bad(Place, Cause),
    End,
}

/// The messages of an export, one after the other.
trait Messages: Send {
    /// Finds the next message.
    fn next(&mut self) -> io::Result<Next>;

    /// Returns how many bytes of the file have been dealt with.
    fn offset(&self) -> u64;
}

/// The rows of an export.
pub(super) struct ChatRows {
    messages: Box<dyn Messages>,
    /// A message that had no room in the last batch.
    held: Option<(Place, Record)>,
    schema: SchemaRef,
    builders: Vec<StringBuilder>,
}

impl ChatRows {
    /// Begins an export in one of the formats of this module; `name` is the file's, which names the
    /// conversation where the export does not.
    pub(super) fn start(
        window: Window,
        format: Format,
        name: &str,
        options: &ReadOptions,
    ) -> io::Result<Self> {
        let most = options.max_row_bytes;
        let messages: Box<dyn Messages> = match format {
            Format::SmsBackup => Box::new(sms_backup::SmsBackup::new(window, most)),
            Format::Line => Box::new(line::start(window, most)),
            Format::WhatsApp => Box::new(whatsapp::start(window, name, most)?),
            Format::Telegram => Box::new(telegram::Telegram::new(window, most)),
            _ => Box::new(plain::Plain::new(window, most)),
        };
        let columns = if format == Format::Text { &COLUMNS[4..] } else { &COLUMNS };
        let fields = columns.iter().map(|name| Field::new(*name, DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let builders = columns.iter().map(|_| StringBuilder::new()).collect();
        Ok(Self { messages, held: None, schema, builders })
    }

    fn append(&mut self, record: &Record) {
        let time = record.time.map(|time| time.to_string());
        let known = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
        let values = [
            known(&record.conversation),
            time,
            record.direction.map(|direction| direction.as_str().to_owned()),
            known(&record.sender),
        ];
        let (text, others) = self.builders.split_last_mut().expect("there is a column of text");
        for (builder, value) in others.iter_mut().zip(values) {
            builder.append_option(value);
        }
        text.append_option(record.text.as_deref());
    }
}

impl Rows for ChatRows {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn text_column(&self) -> usize {
        self.builders.len() - 1
    }

    fn next_row(&mut self, room: usize) -> io::Result<Step> {
        let next = match self.held.take() {
            Some((place, record)) => Next::Message(place, record),
            None => self.messages.next()?,
        };
        Ok(match next {
            Next::Message(place, record) if place.bytes > room => {
                self.held = Some((place, record));
                Step::Full
            }
            Next::Message(place, record) => {
                self.append(&record);
                Step::Good(place)
            }
            Next::Bad(place, cause) => Step::Bad(place, cause),
            Next::End => Step::End,
        })
    }

    fn take(&mut self) -> (RecordBatch, StringArray) {
        let columns: Vec<StringArray> =
            self.builders.iter_mut().map(StringBuilder::finish).collect();
        let text = columns[self.text_column()].clone();
        let columns = columns.into_iter().map(|column| Arc::new(column) as ArrayRef).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .expect("each message is appended to all columns");
        debug_assert_eq!(batch.num_rows(), text.len());
        (batch, text)
    }

    fn offset(&self) -> u64 {
        self.messages.offset()
    }
}
