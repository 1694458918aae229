//! JSON Lines, one JSON object a line with blank lines skipped, and arrays of JSON objects.
//!
//! Values are kept as written, in columns of raw JSON; `serde_json` checks each line and finds the
//! values in it, and nothing is parsed further but the message. The objects of the first batch fix the
//! columns, in order of appearance; what appears later is kept in `_rest`.

mod elements;
mod layout;
mod members;

use std::io;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::SchemaRef;

use super::lines::{Extent, Found, Lines};
use super::window::Window;
use super::{Place, Rows, Step};
use crate::columns;
use crate::error::{Error, Result};
use crate::json_string;
use crate::options::ReadOptions;
use elements::Elements;
use layout::{Layout, Sorted};
use members::Member;

/// A file cut into pieces that should each be an object.
pub(super) trait Cut: Send {
    /// Finds the next piece. Asked again before it is consumed, finds the same.
    fn find(&mut self) -> io::Result<Found>;

    /// Returns the piece that was found.
    fn line(&self, extent: Extent) -> &[u8];

    /// Moves on past the piece that was found.
    fn consume(&mut self, extent: Extent);

    /// Returns where the next piece begins, as the place of one of so many bytes.
    fn place(&self, bytes: usize) -> Place;

    /// Returns how many bytes of the file have been consumed.
    fn offset(&self) -> u64;

    /// Returns the pieces that lie whole within the next `bytes` bytes, `count` at most, without
    /// consuming them.
    fn peek(&mut self, bytes: usize, count: usize) -> io::Result<Vec<&[u8]>>;
}

impl Cut for Lines {
    fn find(&mut self) -> io::Result<Found> {
        self.find()
    }

    fn line(&self, extent: Extent) -> &[u8] {
        self.line(extent)
    }

    fn consume(&mut self, extent: Extent) {
        self.consume(extent);
    }

    fn place(&self, bytes: usize) -> Place {
        self.place(bytes)
    }

    fn offset(&self) -> u64 {
        self.offset()
    }

    fn peek(&mut self, bytes: usize, count: usize) -> io::Result<Vec<&[u8]>> {
        self.peek(bytes, count)
    }
}

/// The rows of a file of JSON objects.
pub(super) struct JsonRows<C> {
    lines: C,
    layout: Layout,
    members: Vec<Member>,
    sorted: Sorted,
    builders: Builders,
}

impl JsonRows<Lines> {
    /// Begins a file with an object on each line.
    pub(super) fn of_lines(window: Window, file: &str, options: &ReadOptions) -> Result<Self> {
        Self::start(Lines::new(window, options.max_row_bytes), file, options)
    }
}

impl JsonRows<Elements> {
    /// Begins a file that is one array of objects.
    pub(super) fn of_array(window: Window, file: &str, options: &ReadOptions) -> Result<Self> {
        Self::start(Elements::new(window, options.max_row_bytes), file, options)
    }
}

impl<C: Cut> JsonRows<C> {
    /// Looks through the first batch for the columns, and finds that of messages.
    fn start(mut lines: C, file: &str, options: &ReadOptions) -> Result<Self> {
        let first = lines
            .peek(options.batch_bytes, options.batch_rows)
            .map_err(|cause| Error::Read { file: file.to_owned(), row: 0, cause })?;
        let wanted = options.text_column.as_deref();
        let layout = Layout::of(first.into_iter(), wanted)
            .map_err(|names| columns::no_text(file, &names, wanted))?;
        let builders = Builders::new(layout.width());
        Ok(Self { lines, layout, members: Vec::new(), sorted: Sorted::default(), builders })
    }
}

impl<C: Cut> Rows for JsonRows<C> {
    fn schema(&self) -> &SchemaRef {
        self.layout.schema()
    }

    fn text_column(&self) -> usize {
        self.layout.text_column()
    }

    fn next_row(&mut self, room: usize) -> io::Result<Step> {
        let extent = match self.lines.find()? {
            Found::Line(extent) if extent.whole > room => return Ok(Step::Full),
            Found::Line(extent) => extent,
            Found::Bad(place, cause) => return Ok(Step::Bad(place, cause)),
            Found::End => return Ok(Step::End),
        };
        let place = self.lines.place(extent.whole);
        let good = members::split(self.lines.line(extent), &mut self.members)
            .and_then(|line| self.layout.sort(line, &self.members, &mut self.sorted).map(|()| line))
            .map(|line| {
                self.builders.append(line, &self.members, &self.sorted, self.layout.text_column());
            });
        self.lines.consume(extent);
        Ok(match good {
            Ok(()) => Step::Good(place),
            Err(cause) => Step::Bad(place, cause),
        })
    }

    fn take(&mut self) -> (RecordBatch, StringArray) {
        let (columns, text) = self.builders.take();
        let batch = RecordBatch::try_new(Arc::clone(self.layout.schema()), columns)
            .expect("each row is appended to all columns or none");
        (batch, text)
    }

    fn offset(&self) -> u64 {
        self.lines.offset()
    }
}

/// The columns being gathered.
struct Builders {
    /// Those with a field behind them.
    columns: Vec<StringBuilder>,
    rest: StringBuilder,
    keys: StringBuilder,
    /// The messages, decoded.
    text: StringBuilder,
    scratch: String,
}

impl Builders {
    fn new(width: usize) -> Self {
        Self {
            columns: (0..width).map(|_| StringBuilder::new()).collect(),
            rest: StringBuilder::new(),
            keys: StringBuilder::new(),
            text: StringBuilder::new(),
            scratch: String::new(),
        }
    }

    /// Appends a row that has been found to be good.
    fn append(&mut self, line: &str, members: &[Member], sorted: &Sorted, text_column: usize) {
        let value = |index: usize| members[index].value(line);
        for (builder, member) in self.columns.iter_mut().zip(sorted.columns()) {
            builder.append_option(member.map(value));
        }
        match sorted.columns().nth(text_column).flatten().map(value) {
            Some(text) if text.starts_with('"') => {
                self.scratch.clear();
                json_string::decode(text, &mut self.scratch);
                self.text.append_value(&self.scratch);
            }
            _ => self.text.append_null(),
        }
        if sorted.rest().is_empty() {
            self.rest.append_null();
        } else {
            let pairs = sorted.rest().iter().map(|&index| &members[index]);
            join(&mut self.scratch, ['{', '}'], pairs, |member, out| {
                out.extend([member.key(line), ":", member.value(line)]);
            });
            self.rest.append_value(&self.scratch);
        }
        if sorted.in_order() {
            self.keys.append_null();
        } else {
            join(&mut self.scratch, ['[', ']'], members, |member, out| {
                out.push_str(member.key(line));
            });
            self.keys.append_value(&self.scratch);
        }
    }

    /// Takes what was gathered: the columns in the schema's order, and the messages.
    fn take(&mut self) -> (Vec<ArrayRef>, StringArray) {
        let special = [&mut self.rest, &mut self.keys];
        let columns = self.columns.iter_mut().chain(special).map(|builder| {
            let column: ArrayRef = Arc::new(finish(builder));
            column
        });
        let columns = columns.collect();
        (columns, finish(&mut self.text))
    }
}

/// Finishes a column, and makes room for one of its size: the next is likely to be much like it.
fn finish(builder: &mut StringBuilder) -> StringArray {
    let column = builder.finish();
    let bytes = column.value_data().len();
    *builder = StringBuilder::with_capacity(column.len(), bytes + bytes / 8);
    column
}

/// Writes items between brackets, parted by commas, in place of what `out` holds.
fn join<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    write: impl Fn(T, &mut String),
) {
    out.clear();
    out.push(open);
    for item in items {
        if out.len() > 1 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, Format, Reader};

    fn read(text: &[u8], options: &ReadOptions) -> Result<Vec<Batch>> {
        let options = options.clone().format(Format::JsonLines);
        Reader::from_read(io::Cursor::new(text.to_vec()), "f", &options)?.collect()
    }

    fn one(text: &str) -> Batch {
        let mut batches = read(text.as_bytes(), &ReadOptions::new()).unwrap();
        assert_eq!(batches.len(), 1);
        batches.remove(0)
    }

    fn column<'a>(batch: &'a Batch, name: &str) -> Vec<Option<&'a str>> {
        let column = batch.columns.column_by_name(name).unwrap();
        column.as_any().downcast_ref::<StringArray>().unwrap().iter().collect()
    }

    #[test]
    fn values_are_kept_and_the_text_is_decoded() {
        let batch = one(concat!(
            "\u{feff}{\"id\": 1.50, \"ข้อความ\": \"\\u0e01\\n\"}\r\n",
            "\n \t\n",
            "{\"ข้อความ\":null,\"tags\":[1, {\"a\" :2}]}\n",
        ));
        assert_eq!(column(&batch, "id"), [Some("1.50"), None]);
        assert_eq!(column(&batch, "ข้อความ"), [Some("\"\\u0e01\\n\""), Some("null")]);
        assert_eq!(column(&batch, "tags"), [None, Some("[1, {\"a\" :2}]")]);
        assert_eq!(batch.text.iter().collect::<Vec<_>>(), [Some("ก\n"), None]);
        assert_eq!(batch.text_column, 1);
        assert_eq!((batch.positions[1].row, batch.positions[1].line), (2, Some(4)));
    }

    #[test]
    fn late_fields_and_other_orders_are_kept_beside() {
        let text = concat!(
            "{\"a\":1,\"text\":\"ก\"}\n",
            "{\"text\":\"ข\",\"b\":[2],\"a\":3,\"c\":null}\n",
            "{\"text\":\"ค\",\"b\":4}\n",
            "{\"\\u0061\":5,\"text\":\"ง\"}\n",
        );
        let batches = read(text.as_bytes(), &ReadOptions::new().batch_rows(1)).unwrap();
        let cells = |name| batches.iter().map(|batch| column(batch, name)[0]).collect::<Vec<_>>();
        assert_eq!(cells("a"), [Some("1"), Some("3"), None, Some("5")]);
        assert_eq!(cells("_rest"), [None, Some("{\"b\":[2],\"c\":null}"), Some("{\"b\":4}"), None]);
        let keys =
            [None, Some("[\"text\",\"b\",\"a\",\"c\"]"), None, Some("[\"\\u0061\",\"text\"]")];
        assert_eq!(cells("_keys"), keys);
    }

    #[test]
    fn bad_lines_are_rejects() {
        let lines: &[(&[u8], &str)] = &[
            (b"[1]", "not a JSON object"),
            (b"\"secret\"", "not a JSON object"),
            (b"{\"text\":\"secret", "the JSON object is cut short"),
            (b"{\"text\":\"a\"} secret", "not valid JSON at byte 14 of the line"),
            (b"{\"text\":\"a\",}", "not valid JSON at byte 13 of the line"),
            (b"{\"text\":\"\\ud83d\"}", "lone surrogate \\ud83d in a JSON string"),
            (b"{\"text\":\"a\",\"b\":[\"\\udc00\"]}", "lone surrogate \\udc00 in a JSON string"),
            (
                b"{\"text\":\"a\",\"te\\u0078t\":\"b\"}",
                "key 2 of the object repeats an earlier key",
            ),
            (b"{\"text\":\"a\",\"x\":1,\"x\":1}", "key 3 of the object repeats an earlier key"),
            (b"{\"body\":\"a\"}", "no field `text`"),
            (b"{\"text\":5}", "field `text` is a number, not a string"),
            (b"{\"text\":{\"secret\":1}}", "field `text` is an object, not a string"),
            (b"{\"text\":[]}", "field `text` is an array, not a string"),
            (b"{\"text\":true}", "field `text` is a boolean, not a string"),
            (b"{\"text\":\"\xff\"}", "not valid UTF-8 at byte 10 of the row"),
        ];
        let mut text = b"{\"text\":\"good\"}\n".to_vec();
        for (line, _) in lines {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        for options in [ReadOptions::new(), ReadOptions::new().batch_rows(1)] {
            let batches = read(&text, &options).unwrap();
            let rejects: Vec<_> = batches.iter().flat_map(|batch| &batch.rejects).collect();
            assert_eq!(rejects.len(), lines.len());
            for (reject, (_, cause)) in rejects.iter().zip(lines) {
                assert_eq!(reject.cause.to_string(), *cause);
                assert!(!serde_json::to_string(reject).unwrap().contains("secret"));
            }
        }
    }

    #[test]
    fn long_lines_are_passed_over() {
        let long = "ก".repeat(300_000);
        let text =
            format!("{{\"text\":\"a\"}}\n{{\"text\":\"{long}\"}}\n\n{{\"text\":\"b\"}}\n{long}");
        let options = ReadOptions::new().max_row_bytes(1_000);
        let batches = read(text.as_bytes(), &options).unwrap();
        let [batch] = &batches[..] else { panic!("{} batches", batches.len()) };
        assert_eq!(batch.text.iter().flatten().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(batch.positions[1].line, Some(4));
        let causes: Vec<_> = batch.rejects.iter().map(|r| r.cause.to_string()).collect();
        assert_eq!(
            causes,
            [
                "row is 900,011 bytes, more than the limit 1,000",
                "row is 900,000 bytes, more than the limit 1,000"
            ]
        );
    }

    #[test]
    fn the_text_field_must_be_known() {
        let error = read(b"{\"a\":1}\n{\"b\":1}\n", &ReadOptions::new()).unwrap_err();
        assert!(error.to_string().ends_with("with --text-column: `a`, `b`"), "{error}");
        let options = ReadOptions::new().text_column("txt");
        let error = read(b"{\"text\":\"a\"}\n", &options).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`f`: no column `txt` for --text-column; the columns are `text`"
        );
        let options = ReadOptions::new().text_column("Note");
        let batches = read(b"{\"note\":\"a\"}\n", &options).unwrap();
        assert_eq!(batches[0].text.value(0), "a");
    }

    #[test]
    fn files_without_objects_have_a_schema_too() {
        let reader = Reader::from_read(io::empty(), "f.jsonl", &ReadOptions::new()).unwrap();
        let names: Vec<_> = reader.schema().fields().iter().map(|f| f.name().clone()).collect();
        assert_eq!(names, ["text", "_rest", "_keys"]);
        assert_eq!(reader.count(), 0);
        let batch = one("rubbish\n{\"text\":\n");
        assert_eq!((batch.num_rows(), batch.rejects.len()), (0, 2));
    }

    #[test]
    fn a_crowd_of_keys_makes_no_crowd_of_columns() {
        let line = |i| format!("{{\"k{i}\":{i},\"text\":\"b\"}}\n");
        let text: String = (0..3_000).map(line).collect();
        let batch = one(&text);
        assert_eq!(batch.num_rows(), 3_000);
        assert!(batch.columns.num_columns() < 1_100);
        assert_eq!(column(&batch, "_rest")[2_999], Some("{\"k2999\":2999}"));
    }

    #[test]
    fn special_columns_make_way_for_fields_of_their_name() {
        let batch = one("{\"text\":\"a\",\"_rest\":1}\n");
        assert_eq!(column(&batch, "_rest"), [Some("1")]);
        assert_eq!(column(&batch, "ruthan__rest"), [None]);
    }
}
