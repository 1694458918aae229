//! Values of a batch's columns by name, whatever the format that they came from.

use arrow_array::{Array, Float32Array, Float64Array, Int64Array, StringArray};
use arrow_schema::DataType;
use ruthan_dump::{Batch, JSON_KEY};

/// A column of a batch.
pub(crate) struct Column<'b> {
    values: &'b dyn Array,
    json: bool,
}

impl<'b> Column<'b> {
    /// The column of that name, if there is one.
    pub(crate) fn named(batch: &'b Batch, name: &str) -> Option<Self> {
        let (place, field) = batch.columns.schema_ref().column_with_name(name)?;
        let values = batch.columns.column(place).as_ref();
        Some(Self { values, json: field.metadata().contains_key(JSON_KEY) })
    }

    /// The value as it stands in the file: a word, a number's digits, JSON; `None` where there is none.
    pub(crate) fn text(&self, row: usize) -> Option<String> {
        if self.values.is_null(row) {
            return None;
        }
        let any = self.values.as_any();
        let text = match self.values.data_type() {
            DataType::Utf8 => any.downcast_ref::<StringArray>()?.value(row),
            DataType::Int64 => {
                return Some(any.downcast_ref::<Int64Array>()?.value(row).to_string());
            }
            DataType::Float32 => {
                return Some(any.downcast_ref::<Float32Array>()?.value(row).to_string());
            }
            DataType::Float64 => {
                return Some(any.downcast_ref::<Float64Array>()?.value(row).to_string());
            }
            _ => return None,
        };
        let value = match self.json.then(|| serde_json::from_str(text)) {
            Some(Ok(serde_json::Value::String(value))) => value,
            Some(Ok(serde_json::Value::Null)) => return None,
            _ => text.to_owned(),
        };
        (!value.is_empty()).then_some(value)
    }
}
