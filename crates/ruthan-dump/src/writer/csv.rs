//! CSV as RFC 4180 has it, with line feeds: fields are quoted where they must be.
//!
//! Null, JSON `null`, an absent JSON field and what is no finite number are empty fields. JSON strings
//! are decoded; other JSON is written as it is.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use memchr::{memchr, memchr3};

use super::Encode;
use super::value::{self, Values};
use crate::columns::Role;
use crate::json_string;

/// Turns rows into CSV.
pub(super) struct CsvEncoder {
    delimiter: u8,
    /// The columns that are written: their places, roles and names.
    columns: Vec<(usize, Role, String)>,
    /// Where JSON strings are decoded.
    scratch: String,
}

impl CsvEncoder {
    pub(super) fn new(schema: &Schema, delimiter: u8) -> Self {
        let columns = schema.fields().iter().enumerate();
        let columns = columns
            .map(|(index, field)| (index, Role::of(field), field.name().clone()))
            // An object's keys have no order in a table.
            .filter(|(_, role, _)| *role != Role::Keys)
            .collect();
        Self { delimiter, columns, scratch: String::new() }
    }

    /// Appends a row of fields, each written by `write`.
    fn row<'a>(
        delimiter: u8,
        columns: impl Iterator<Item = &'a (usize, Role, String)>,
        out: &mut Vec<u8>,
        mut write: impl FnMut(&'a (usize, Role, String), &mut Vec<u8>),
    ) {
        let begin = out.len();
        for (number, column) in columns.enumerate() {
            if number > 0 {
                out.push(delimiter);
            }
            write(column, out);
        }
        if out.len() == begin {
            // A single empty field would make a blank line, which no reader takes for a row.
            out.extend_from_slice(b"\"\"");
        }
        out.push(b'\n');
    }
}

impl Encode for CsvEncoder {
    fn head(&mut self, out: &mut Vec<u8>) {
        let delimiter = self.delimiter;
        Self::row(delimiter, self.columns.iter(), out, |(_, _, name), out| {
            write_field(name, delimiter, out);
        });
    }

    fn rows(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        let Self { delimiter, columns, scratch } = self;
        let delimiter = *delimiter;
        let values = value::columns(batch);
        for row in 0..batch.num_rows() {
            Self::row(delimiter, columns.iter(), out, |(index, role, _), out| {
                match (&values[*index], role) {
                    (column @ Values::Text(_), Role::Plain) => {
                        write_field(column.text(row).unwrap_or_default(), delimiter, out);
                    }
                    (column @ Values::Text(_), _) => match column.text(row) {
                        None | Some("null") => {}
                        Some(json) if json.starts_with('"') => {
                            scratch.clear();
                            json_string::decode(json, scratch);
                            write_field(scratch, delimiter, out);
                        }
                        Some(json) => write_field(json, delimiter, out),
                    },
                    (column, _) => {
                        column.write_plain(row, out);
                    }
                }
            });
        }
        Ok(())
    }
}

/// Appends a field, quoted if it has to be.
fn write_field(field: &str, delimiter: u8, out: &mut Vec<u8>) {
    let bytes = field.as_bytes();
    let quoted = memchr3(b'"', b'\n', b'\r', bytes).is_some()
        || memchr(delimiter, bytes).is_some()
        // At the beginning of a file it would be taken for a byte order mark.
        || field.starts_with('\u{feff}');
    if !quoted {
        return out.extend_from_slice(bytes);
    }
    out.push(b'"');
    let mut rest = bytes;
    while let Some(at) = memchr(b'"', rest) {
        out.extend_from_slice(&rest[..=at]);
        out.push(b'"');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, BooleanArray, Float32Array, Float64Array, Int64Array, StringArray, UInt64Array,
    };
    use arrow_schema::{DataType, Field};

    use super::*;
    use crate::columns;

    fn csv(columns: Vec<(Field, ArrayRef)>) -> String {
        let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap();
        let mut encoder = CsvEncoder::new(&schema, b',');
        let mut out = Vec::new();
        encoder.head(&mut out);
        encoder.rows(&batch, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let texts = ["ก", "ก,ข", "a \"b\"", "a\nb", "a\rb", "", "\u{feff}"];
        let column: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        let field = Field::new("ข้อความ", DataType::Utf8, false);
        assert_eq!(
            csv(vec![(field, column)]),
            "ข้อความ\nก\n\"ก,ข\"\n\"a \"\"b\"\"\"\n\"a\nb\"\n\"a\rb\"\n\"\"\n\"\u{feff}\"\n"
        );
    }

    #[test]
    fn numbers_read_back_the_same() {
        let field = |name: &str, data_type| Field::new(name, data_type, true);
        let csv = csv(vec![
            (field("f", DataType::Float32), Arc::new(Float32Array::from(vec![0.1, f32::NAN]))),
            (field("d", DataType::Float64), Arc::new(Float64Array::from(vec![1e-300, 1.0]))),
            (field("b", DataType::Boolean), Arc::new(BooleanArray::from(vec![Some(true), None]))),
            (field("u", DataType::UInt64), Arc::new(UInt64Array::from(vec![u64::MAX, 0]))),
            (field("i", DataType::Int64), Arc::new(Int64Array::from(vec![i64::MIN, 0]))),
        ]);
        assert_eq!(
            csv,
            "f,d,b,u,i\n0.1,1e-300,true,18446744073709551615,-9223372036854775808\n,1.0,,0,0\n"
        );
    }

    #[test]
    fn json_strings_are_decoded_and_keys_left_out() {
        let values = ["\"\\u0e01\\n,\"", "null", "[1,2]"];
        let rest = [None, Some("{\"a\":1}"), None];
        let csv = csv(vec![
            (columns::json_field("v"), Arc::new(StringArray::from(values.to_vec()))),
            (columns::rest_field("_rest"), Arc::new(StringArray::from(rest.to_vec()))),
            (columns::keys_field("_keys"), Arc::new(StringArray::new_null(3))),
        ]);
        assert_eq!(csv, "v,_rest\n\"ก\n,\",\n,\"{\"\"a\"\":1}\"\n\"[1,2]\",\n");
    }
}
