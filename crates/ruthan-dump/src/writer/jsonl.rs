//! JSON Lines: one object a line, without space between its fields.
//!
//! Raw JSON is put in as it is, its fields in the order and spelling of the source, those of `_rest`
//! among them; then come the appended columns. A null in a column of raw JSON leaves the field out;
//! any other null, and what is no finite number, is `null`.

use std::collections::{HashMap, HashSet};

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Field, Schema};
use serde_json::value::RawValue;

use super::Encode;
use super::value::{self, Values};
use crate::columns::{self, Role};
use crate::json_object;
use crate::json_string;

/// Turns rows into JSON Lines.
pub(super) struct JsonEncoder {
    columns: Vec<Column>,
    /// The names that every row's fields may have.
    names: HashSet<String>,
    /// The columns of raw JSON by name.
    by_name: HashMap<String, usize>,
    /// Which columns are written already, in a row with keys in another order.
    written: Vec<bool>,
}

struct Column {
    role: Role,
    /// The name, decoded.
    name: String,
    /// The name as a JSON string.
    token: String,
}

impl JsonEncoder {
    pub(super) fn new(schema: &Schema) -> Self {
        let mut taken = HashSet::new();
        let columns: Vec<Column> =
            schema.fields().iter().map(|field| Column::of(field, &mut taken)).collect();
        let appears = |column: &&Column| !matches!(column.role, Role::Rest | Role::Keys);
        let names = columns.iter().filter(appears).map(|column| column.name.clone()).collect();
        let json = columns.iter().enumerate().filter(|(_, column)| column.role == Role::Json);
        let by_name = json.map(|(index, column)| (column.name.clone(), index)).collect();
        Self { columns, names, by_name, written: Vec::new() }
    }

    /// Appends one row as an object.
    fn write_row(
        &mut self,
        special: Special,
        values: &[Values<'_>],
        row: usize,
        out: &mut Vec<u8>,
    ) {
        let rest = special.rest.and_then(|index| values[index].text(row));
        let late = rest.map(members).unwrap_or_default();
        // A late field of an appended column's name: then all late fields stay in an object of their
        // own, since no name may come twice.
        let clash = late.iter().any(|(key, _)| self.names.contains(&decoded(key.get())));
        let mut late = if clash { &[] } else { &late[..] };

        out.push(b'{');
        self.written.clear();
        self.written.resize(self.columns.len(), false);
        if let Some(keys) = special.keys.and_then(|index| values[index].text(row)) {
            late = self.write_by_keys(keys, late, values, row, out);
        }
        for (column, (values, written)) in self.columns.iter().zip(values.iter().zip(&self.written))
        {
            match (column.role, values.text(row)) {
                (Role::Keys, _) | (Role::Json | Role::Rest, None) => {}
                (Role::Json, Some(_)) if *written => {}
                (Role::Rest, Some(_)) if !clash => {
                    for (key, value) in late {
                        write_member(key.get(), value.get(), out);
                    }
                }
                (Role::Json | Role::Rest, Some(json)) => write_member(&column.token, json, out),
                (Role::Plain, _) => {
                    write_key(&column.token, out);
                    write_plain(values, row, out);
                }
            }
        }
        out.extend_from_slice(b"}\n");
    }

    /// Appends the fields of a row in the order and spelling of its keys, those of `late` among them;
    /// returns which of these are left.
    fn write_by_keys<'l>(
        &mut self,
        keys: &str,
        mut late: &'l [(&'l RawValue, &'l RawValue)],
        values: &[Values<'_>],
        row: usize,
        out: &mut Vec<u8>,
    ) -> &'l [(&'l RawValue, &'l RawValue)] {
        let keys: Vec<&RawValue> = serde_json::from_str(keys).unwrap_or_default();
        for key in keys {
            if let Some(&index) = self.by_name.get(&decoded(key.get())) {
                if let Some(value) = values[index].text(row) {
                    write_member(key.get(), value, out);
                    self.written[index] = true;
                }
            } else if let [(first, value), others @ ..] = late
                && first.get() == key.get()
            {
                // Both lists have the row's order, so the next late key is the first of the others.
                write_member(key.get(), value.get(), out);
                late = others;
            }
        }
        late
    }
}

impl Encode for JsonEncoder {
    fn rows(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        let find = |role| self.columns.iter().position(|column| column.role == role);
        let special = Special { rest: find(Role::Rest), keys: find(Role::Keys) };
        let values = value::columns(batch);
        for row in 0..batch.num_rows() {
            self.write_row(special, &values, row, out);
        }
        Ok(())
    }
}

/// Where the columns are that have no field behind them.
#[derive(Debug, Clone, Copy)]
struct Special {
    rest: Option<usize>,
    keys: Option<usize>,
}

impl Column {
    /// Names a field as the column is named, or else, since a table may have a name twice and an
    /// object may not, as no other is.
    fn of(field: &Field, names: &mut HashSet<String>) -> Self {
        let role = Role::of(field);
        let (mut name, mut token) = (field.name().clone(), columns::token(field));
        let mut number = 2_u64;
        while names.contains(&name) {
            name = format!("{}_{number}", field.name());
            token = columns::default_token(&name);
            number += 1;
        }
        names.insert(name.clone());
        Self { role, name, token }
    }
}

/// Appends a value of a column that is not raw JSON.
fn write_plain(column: &Values<'_>, row: usize, out: &mut Vec<u8>) {
    if let Some(text) = column.text(row) {
        serde_json::to_writer(out, text).expect("a vector takes everything");
    } else if !column.write_plain(row, out) {
        out.extend_from_slice(b"null");
    }
}

/// Appends a key and a raw value.
fn write_member(token: &str, value: &str, out: &mut Vec<u8>) {
    write_key(token, out);
    let begin = out.len();
    out.extend_from_slice(value.as_bytes());
    // Only between tokens can JSON have a line break, where any space will do.
    if memchr::memchr(b'\n', &out[begin..]).is_some() {
        out[begin..].iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
    }
}

/// Appends a key, after a comma unless it is the first.
fn write_key(token: &str, out: &mut Vec<u8>) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.extend_from_slice(token.as_bytes());
    out.push(b':');
}

/// Returns the members of an object that a reader has put together.
fn members(object: &str) -> Vec<(&RawValue, &RawValue)> {
    let mut members = Vec::new();
    match json_object::each_member(object, |key, value| members.push((key, value))) {
        Ok(()) => members,
        Err(_) => Vec::new(),
    }
}

fn decoded(token: &str) -> String {
    let mut out = String::new();
    json_string::decode(token, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Float32Array, StringArray};
    use arrow_schema::DataType;

    use super::*;

    fn json(columns: Vec<(Field, ArrayRef)>) -> String {
        let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap();
        let mut out = Vec::new();
        JsonEncoder::new(&schema).rows(&batch, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn strings(values: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    fn plain(name: &str, data_type: DataType) -> Field {
        Field::new(name, data_type, true)
    }

    #[test]
    fn values_of_all_kinds() {
        let numbers = Float32Array::from(vec![Some(0.1), Some(f32::INFINITY), None]);
        let json = json(vec![
            (plain("ข้อความ", DataType::Utf8), strings(&[Some("ก\n\""), Some(""), None])),
            (columns::json_field("v"), strings(&[Some("[1,\n2]"), None, Some("null")])),
            (plain("score", DataType::Float32), Arc::new(numbers)),
        ]);
        assert_eq!(
            json,
            concat!(
                "{\"ข้อความ\":\"ก\\n\\\"\",\"v\":[1, 2],\"score\":0.1}\n",
                "{\"ข้อความ\":\"\",\"score\":null}\n",
                "{\"ข้อความ\":null,\"v\":null,\"score\":null}\n",
            )
        );
    }

    #[test]
    fn late_fields_are_spliced_in_the_rows_order() {
        let json = json(vec![
            (columns::json_field("a"), strings(&[Some("1"), Some("2"), None])),
            (columns::json_field("b"), strings(&[None, Some("3"), Some("4")])),
            (columns::rest_field("_rest"), strings(&[Some("{\"z\":5}"), Some("{\"z\":6}"), None])),
            (
                columns::keys_field("_keys"),
                strings(&[None, Some("[\"b\",\"z\",\"\\u0061\"]"), None]),
            ),
            (plain("x", DataType::Utf8), strings(&[Some("p"), Some("q"), Some("r")])),
        ]);
        assert_eq!(
            json,
            concat!(
                "{\"a\":1,\"z\":5,\"x\":\"p\"}\n",
                "{\"b\":3,\"z\":6,\"\\u0061\":2,\"x\":\"q\"}\n",
                "{\"b\":4,\"x\":\"r\"}\n",
            )
        );
    }

    #[test]
    fn no_name_comes_twice() {
        let late = "{\"score\":1,\"z\":2}";
        let keys = "[\"score\",\"a\",\"z\"]";
        let json = json(vec![
            (columns::json_field("a"), strings(&[Some("1")])),
            (columns::rest_field("_rest"), strings(&[Some(late)])),
            (columns::keys_field("_keys"), strings(&[Some(keys)])),
            (plain("score", DataType::Utf8), strings(&[Some("p")])),
            (plain("score", DataType::Utf8), strings(&[Some("q")])),
        ]);
        assert_eq!(
            json,
            "{\"a\":1,\"_rest\":{\"score\":1,\"z\":2},\"score\":\"p\",\"score_2\":\"q\"}\n"
        );
    }
}
