//! CSV: fields parted by a delimiter, rows by line breaks, either inside double quotes.
//!
//! As RFC 4180 says, and as lenient as the crate `csv` and Python's module are: lines end with `\n`,
//! `\r\n` or `\r`; blank lines are skipped; a quote that does not begin a field is text; what follows
//! a closing quote belongs to the field. Unlike them, a row with another number of fields than the
//! first, and a quote that is never closed, are rejects.

mod records;
mod scanner;

use std::io;
use std::str;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::window::Window;
use super::{Rows, Step};
use crate::columns;
use crate::error::{Error, Result};
use crate::options::ReadOptions;
use crate::reject::Cause;
use records::{Extent, Found, Records};
use scanner::Scanner;

/// As many columns as the largest spreadsheet has: what goes beyond is no table of messages.
const MOST_COLUMNS: usize = 16_384;

/// The rows of a CSV file.
pub(super) struct CsvRows {
    records: Records,
    schema: SchemaRef,
    text_column: usize,
    header: bool,
    builders: Vec<StringBuilder>,
    /// Where quoted fields are decoded.
    scratch: String,
}

impl CsvRows {
    /// Reads the first row, and finds the column of messages.
    pub(super) fn start(
        window: Window,
        file: &str,
        delimiter: u8,
        options: &ReadOptions,
    ) -> Result<Self> {
        let mut records =
            Records::new(window, Scanner::new(delimiter, MOST_COLUMNS), options.max_row_bytes);
        let failed = |cause| Error::Read { file: file.to_owned(), row: 0, cause };
        let unusable = |cause| Error::FirstRow { file: file.to_owned(), cause };
        let first = match records.find().map_err(failed)? {
            Found::Row(extent) => extent,
            Found::Bad(_, cause) => return Err(unusable(cause)),
            Found::End => return Err(Error::Empty { file: file.to_owned() }),
        };
        let width = records.scanner.count();
        if width > MOST_COLUMNS {
            return Err(unusable(Cause::TooManyColumns { found: width, limit: MOST_COLUMNS }));
        }
        let names = if options.header {
            let names = records.decoded(first).map_err(unusable)?;
            records.consume(first);
            names
        } else {
            (1..=width).map(|number| format!("column_{number}")).collect()
        };
        let text_column = find_text(&names, file, options)?;
        records.scanner.store_at_most(width);

        let fields: Vec<Field> =
            names.into_iter().map(|name| Field::new(name, DataType::Utf8, false)).collect();
        Ok(Self {
            records,
            schema: Arc::new(Schema::new(fields)),
            text_column,
            header: options.header,
            builders: (0..width).map(|_| StringBuilder::new()).collect(),
            scratch: String::new(),
        })
    }

    /// Appends the row that was found, if it is good.
    fn append(&mut self, extent: Extent) -> Result<(), Cause> {
        let scanner = &self.records.scanner;
        let (found, expected) = (scanner.count(), self.builders.len());
        if found != expected {
            return Err(Cause::FieldCount { found, expected, header: self.header });
        }
        let row = &self.records.window.data()[..extent.content];
        let row = str::from_utf8(row).map_err(|error| {
            let bad = error.valid_up_to();
            let fields = scanner.fields();
            // The bad byte is no ASCII character, so it lies inside a field.
            let index = fields.iter().position(|field| bad < field.end).unwrap_or(expected - 1);
            let name = columns::shown(self.schema.field(index).name());
            let byte = bad.saturating_sub(fields[index].start) + 1;
            Cause::FieldEncoding { byte, field: index + 1, name }
        })?;
        for (field, builder) in scanner.fields().iter().zip(&mut self.builders) {
            if field.coded {
                self.scratch.clear();
                field.decode(row, &mut self.scratch);
                builder.append_value(&self.scratch);
            } else {
                builder.append_value(&row[field.start..field.end]);
            }
        }
        Ok(())
    }
}

impl Rows for CsvRows {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn text_column(&self) -> usize {
        self.text_column
    }

    fn next_row(&mut self, room: usize) -> io::Result<Step> {
        match self.records.find()? {
            Found::Row(extent) if extent.whole > room => Ok(Step::Full),
            Found::Row(extent) => {
                let place = self.records.place(extent.whole);
                let appended = self.append(extent);
                self.records.consume(extent);
                Ok(match appended {
                    Ok(()) => Step::Good(place),
                    Err(cause) => Step::Bad(place, cause),
                })
            }
            Found::Bad(place, cause) => Ok(Step::Bad(place, cause)),
            Found::End => Ok(Step::End),
        }
    }

    fn take(&mut self) -> (RecordBatch, StringArray) {
        let columns: Vec<StringArray> =
            self.builders.iter_mut().map(StringBuilder::finish).collect();
        for (builder, column) in self.builders.iter_mut().zip(&columns) {
            // The next batch is likely to be much like this one.
            let bytes = column.value_data().len();
            *builder = StringBuilder::with_capacity(column.len(), bytes + bytes / 8);
        }
        let text = columns[self.text_column].clone();
        let columns = columns.into_iter().map(|column| Arc::new(column) as ArrayRef).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .expect("each row is appended to all columns or none");
        (batch, text)
    }

    fn offset(&self) -> u64 {
        self.records.window.offset()
    }
}

/// Finds the column of messages among those of a CSV file.
fn find_text(names: &[String], file: &str, options: &ReadOptions) -> Result<usize> {
    let wanted = options.text_column.as_deref();
    let numbered = || {
        let number: usize = wanted?.trim().parse().ok()?;
        (!options.header && (1..=names.len()).contains(&number)).then(|| number - 1)
    };
    columns::find_text(names, wanted)
        .or_else(numbered)
        .ok_or_else(|| columns::no_text(file, names, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, Format, Reader};

    fn read(text: &[u8], options: ReadOptions) -> Result<Batch> {
        let options = options.format(Format::Csv);
        let mut reader = Reader::from_read(io::Cursor::new(text.to_vec()), "f", &options)?;
        let schema = Arc::clone(reader.schema());
        let batch = reader.next().transpose()?;
        assert!(reader.next().is_none());
        Ok(batch.unwrap_or_else(|| Batch {
            file: "f".into(),
            columns: RecordBatch::new_empty(schema),
            text_column: reader.text_column(),
            text: StringArray::new_null(0),
            metadata: crate::metadata::Metadata::default(),
            positions: Vec::new(),
            rejects: Vec::new(),
        }))
    }

    fn texts(batch: &Batch) -> Vec<&str> {
        batch.text.iter().map(Option::unwrap).collect()
    }

    fn causes(batch: &Batch) -> Vec<String> {
        batch.rejects.iter().map(|reject| reject.cause.to_string()).collect()
    }

    #[test]
    fn a_thai_export_with_bom_quotes_and_line_breaks() {
        let text = "\u{feff}ลำดับ,ข้อความ\r\n1,\"สวัสดี, \"\"คุณ\"\"\r\nลาก่อน\"\r\n2,โอนเงิน\r\n";
        let batch = read(text.as_bytes(), ReadOptions::new()).unwrap();
        assert_eq!(batch.text_column, 1);
        assert_eq!(texts(&batch), ["สวัสดี, \"คุณ\"\r\nลาก่อน", "โอนเงิน"]);
        assert_eq!(batch.positions[1].line, Some(4));
        assert_eq!(batch.positions[0].offset, Some(42));
    }

    #[test]
    fn ragged_and_broken_rows_are_rejects() {
        let text = b"id,text\n1,a\n2\n3,\xe0\xb8\x81\xff\xe0\n4,b,c\n\xff,c\n6,d";
        let batch = read(text, ReadOptions::new()).unwrap();
        assert_eq!(texts(&batch), ["a", "d"]);
        assert_eq!(
            causes(&batch),
            [
                "1 field where the header has 2",
                "not valid UTF-8 at byte 4 of field 2 (`text`)",
                "3 fields where the header has 2",
                "not valid UTF-8 at byte 1 of field 1 (`id`)",
            ]
        );
    }

    #[test]
    fn files_with_nothing_in_them() {
        let empty = read(b"\n\r\n", ReadOptions::new()).unwrap_err();
        assert_eq!(empty.to_string(), "`f`: the file is empty, without even a header row");
        for header_only in ["text,id", "text,id\n", "\u{feff}text,id\r\n\r\n"] {
            let batch = read(header_only.as_bytes(), ReadOptions::new()).unwrap();
            assert_eq!((batch.num_rows(), batch.columns.num_columns()), (0, 2));
        }
    }

    #[test]
    fn the_text_column_must_be_known() {
        let none = read("รหัส,note\n1,x\n".as_bytes(), ReadOptions::new()).unwrap_err();
        assert_eq!(
            none.to_string(),
            "`f`: no column is called `text`, `message` or the like; name the one that holds the \
             messages with --text-column: `รหัส`, `note`"
        );
        let wrong = read(b"id,note\n", ReadOptions::new().text_column("txt")).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "`f`: no column `txt` for --text-column; the columns are `id`, `note`"
        );
        let batch = read(b"id,note\n1,x\n", ReadOptions::new().text_column("NOTE")).unwrap();
        assert_eq!(texts(&batch), ["x"]);
    }

    #[test]
    fn without_header_columns_have_numbers() {
        let options = ReadOptions::new().header(false);
        let batch = read("1,ก\n2,ข\n3\n".as_bytes(), options.clone().text_column("2")).unwrap();
        assert_eq!(texts(&batch), ["ก", "ข"]);
        assert_eq!(batch.columns.schema().field(1).name(), "column_2");
        assert_eq!(causes(&batch), ["1 field where the first row has 2"]);
        assert_eq!((batch.positions[0].row, batch.positions[0].line), (1, Some(1)));
        let batch = read(b"1,a\n", options.clone().text_column("column_2")).unwrap();
        assert_eq!(texts(&batch), ["a"]);
        assert!(read(b"1,a\n", options.clone().text_column("3")).is_err());
        assert!(read(b"1,a\n", options).is_err());
    }

    #[test]
    fn long_rows_are_passed_over() {
        let long = "ก".repeat(300_000);
        let text = format!("text\nbefore\n\"{long}\n{long}\"\nafter\n");
        let batch = read(text.as_bytes(), ReadOptions::new().max_row_bytes(1_000)).unwrap();
        assert_eq!(texts(&batch), ["before", "after"]);
        assert_eq!(causes(&batch), ["row is 1,800,003 bytes, more than the limit 1,000"]);
        assert_eq!(batch.rejects[0].line, Some(3));
        assert_eq!(batch.positions[1].line, Some(5));
    }

    #[test]
    fn the_limit_is_on_the_row_without_its_line_break() {
        let batch = read(b"text\r\n12345\r\n123456\r\n", ReadOptions::new().max_row_bytes(5));
        let batch = batch.unwrap();
        assert_eq!(texts(&batch), ["12345"]);
        assert_eq!(causes(&batch), ["row is 6 bytes, more than the limit 5"]);
    }

    #[test]
    fn a_quote_that_never_closes_says_what_it_took() {
        for limit in [10, 1_000] {
            let options = ReadOptions::new().max_row_bytes(limit);
            let batch = read(b"text\na\n\"b\nc\nd and some more\n", options).unwrap();
            assert_eq!(texts(&batch), ["a"]);
            assert_eq!(
                causes(&batch),
                ["a quoted field is never closed: the 21 bytes to the end of the file were taken \
                  for this one row"]
            );
        }
    }

    #[test]
    fn an_unusable_header_is_an_error() {
        let error = read(b"id,\xe0\xb8\n", ReadOptions::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`f`: the first row cannot be used: not valid UTF-8 at byte 4 of the row"
        );
        let wide = ",".repeat(MOST_COLUMNS);
        let error = read(wide.as_bytes(), ReadOptions::new()).unwrap_err();
        assert!(error.to_string().ends_with("16,385 columns, more than the limit 16,384"));
    }

    #[test]
    fn other_delimiters() {
        let batch = read("id;ข้อความ\n1;ก,ข\n".as_bytes(), ReadOptions::new().delimiter(b';'));
        assert_eq!(texts(&batch.unwrap()), ["ก,ข"]);
        let error = read(b"a\n", ReadOptions::new().delimiter(b'"')).unwrap_err();
        assert!(matches!(error, Error::Delimiter(b'"')));
    }

    #[test]
    fn bare_carriage_returns_end_rows_and_hide_lines() {
        let batch = read(b"text\ra\rb", ReadOptions::new()).unwrap();
        assert_eq!(texts(&batch), ["a", "b"]);
        assert_eq!(batch.positions[1].line, None);
    }
}
