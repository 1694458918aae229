//! Values of the column types that can be written.

use std::io::Write;

use arrow_array::{
    Array, BooleanArray, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    UInt64Array,
};
use arrow_schema::DataType;

/// A column of a batch, by its type.
pub(super) enum Values<'a> {
    Text(&'a StringArray),
    Float32(&'a Float32Array),
    Float64(&'a Float64Array),
    Boolean(&'a BooleanArray),
    UInt64(&'a UInt64Array),
    Int64(&'a Int64Array),
}

/// Says whether columns of a type can be written.
pub(super) fn is_known(data_type: &DataType) -> bool {
    use DataType::{Boolean, Float32, Float64, Int64, UInt64, Utf8};
    matches!(data_type, Utf8 | Float32 | Float64 | Boolean | UInt64 | Int64)
}

/// Returns a batch's columns, whose types must be known.
pub(super) fn columns(batch: &RecordBatch) -> Vec<Values<'_>> {
    batch.columns().iter().map(|column| Values::of(column.as_ref())).collect()
}

impl<'a> Values<'a> {
    fn of(column: &'a dyn Array) -> Self {
        fn cast<T: 'static>(column: &dyn Array) -> &T {
            column.as_any().downcast_ref().expect("the array is what its data type says")
        }
        match column.data_type() {
            DataType::Utf8 => Self::Text(cast(column)),
            DataType::Float32 => Self::Float32(cast(column)),
            DataType::Float64 => Self::Float64(cast(column)),
            DataType::Boolean => Self::Boolean(cast(column)),
            DataType::UInt64 => Self::UInt64(cast(column)),
            DataType::Int64 => Self::Int64(cast(column)),
            other => unreachable!("{other} was refused when the writer was made"),
        }
    }

    /// Returns the string at a row; none for null and for other types.
    pub(super) fn text(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Text(column) if column.is_valid(row) => Some(column.value(row)),
            _ => None,
        }
    }

    /// Appends a number or boolean; false, and nothing, for null, strings and what is no finite
    /// number, which JSON has no word for.
    pub(super) fn write_plain(&self, row: usize, out: &mut Vec<u8>) -> bool {
        let written = match self {
            // The debug form has an exponent where digits would be many, and reads back the same.
            Self::Float32(column) if column.is_valid(row) && column.value(row).is_finite() => {
                write!(out, "{:?}", column.value(row))
            }
            Self::Float64(column) if column.is_valid(row) && column.value(row).is_finite() => {
                write!(out, "{:?}", column.value(row))
            }
            Self::Boolean(column) if column.is_valid(row) => write!(out, "{}", column.value(row)),
            Self::UInt64(column) if column.is_valid(row) => write!(out, "{}", column.value(row)),
            Self::Int64(column) if column.is_valid(row) => write!(out, "{}", column.value(row)),
            _ => return false,
        };
        written.expect("a vector takes everything");
        true
    }
}
