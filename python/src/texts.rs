//! What comes in: any Python value that holds texts, read chunk by chunk.

use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder, LargeStringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyIterator, PyString};
use pyo3_arrow::ffi::ArrayReader;
use pyo3_arrow::input::AnyArray;

/// So many rows are read at a time.
pub(crate) const ROWS: usize = 8192;
/// So many bytes of text are read at a time, more only where one text alone has more.
pub(crate) const BYTES: usize = 4 << 20;

/// A Python value that holds texts.
pub(crate) enum Texts<'py> {
    /// A column of texts, which is never copied.
    Arrow { reader: Box<dyn ArrayReader + Send>, array: Option<ArrayRef>, from: usize },
    /// Anything that hands out one value after another.
    Items { iterator: Bound<'py, PyIterator>, position: usize },
}

impl<'py> Texts<'py> {
    /// Opens a value.
    pub(crate) fn open(value: &Bound<'py, PyAny>) -> PyResult<Self> {
        if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() {
            return Err(PyTypeError::new_err(
                "one text is no batch: use `classify`, or put it into a list",
            ));
        }
        if value.hasattr("__arrow_c_array__")? || value.hasattr("__arrow_c_stream__")? {
            let reader = value.extract::<AnyArray>()?.into_reader()?;
            let of = reader.field().data_type().clone();
            return if is_text(&of) {
                Ok(Self::Arrow { reader, array: None, from: 0 })
            } else if matches!(of, DataType::Struct(_)) {
                Err(PyTypeError::new_err(
                    "a table is no column: pass the column that holds the texts",
                ))
            } else {
                Err(PyTypeError::new_err(format!("expected a column of texts, not of {of}")))
            };
        }
        // The keys of a dictionary are hardly ever meant.
        let iterator = if value.is_instance_of::<PyDict>() { None } else { value.try_iter().ok() };
        let Some(iterator) = iterator else {
            let what = value.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "expected texts in a list or column, not `{what}`"
            )));
        };
        Ok(Self::Items { iterator, position: 0 })
    }

    /// Reads the next rows, at least one; `None` at the end.
    pub(crate) fn read(&mut self) -> PyResult<Option<ArrayRef>> {
        match self {
            Self::Items { iterator, position } => read_items(iterator, position),
            Self::Arrow { reader, array, from } => loop {
                if let Some(rest) = array.as_ref().filter(|array| *from < array.len()) {
                    let rows = rest.slice(*from, ROWS.min(rest.len() - *from));
                    *from += rows.len();
                    return Ok(Some(rows));
                }
                let Some(next) = reader.next() else { return Ok(None) };
                let next = next.map_err(|error| PyValueError::new_err(error.to_string()))?;
                // Whoever made the column vouches for nothing: its texts may be any bytes.
                next.to_data().validate_full().map_err(|error| {
                    PyValueError::new_err(format!("the column is not valid Arrow: {error}"))
                })?;
                (*array, *from) = (Some(next), 0);
            },
        }
    }
}

/// Reads values one by one into a column.
fn read_items(
    iterator: &Bound<'_, PyIterator>,
    position: &mut usize,
) -> PyResult<Option<ArrayRef>> {
    let mut texts = LargeStringBuilder::new();
    while texts.len() < ROWS && texts.values_slice().len() < BYTES {
        let Some(item) = iterator.clone().next() else { break };
        let item = item?;
        if let Ok(text) = item.cast::<PyString>() {
            let text = text.to_str().map_err(|_| {
                PyValueError::new_err(format!("item {position}: the text holds a lone surrogate"))
            })?;
            texts.append_value(text);
        } else if is_missing(&item)? {
            texts.append_null();
        } else {
            let what = item.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "item {position}: expected a text or None, not `{what}`"
            )));
        }
        *position += 1;
    }
    Ok((!texts.is_empty()).then(|| Arc::new(texts.finish()) as ArrayRef))
}

/// Whether a value stands for nothing: `None`, or what pandas and numpy put in its place (`NaN`, `NA`, `NaT`).
fn is_missing(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    if item.is_none() {
        return Ok(true);
    }
    if let Ok(number) = item.cast::<PyFloat>() {
        return Ok(number.value().is_nan());
    }
    Ok(matches!(item.get_type().name()?.to_str()?, "NAType" | "NaTType"))
}

fn is_text(of: &DataType) -> bool {
    match of {
        DataType::Null | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// The texts of a column of a type that `is_text` takes.
pub(crate) fn strings(array: &dyn Array) -> Vec<Option<&str>> {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().collect(),
        DataType::Utf8View => array.as_string_view().iter().collect(),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let values = strings(dictionary.values().as_ref());
            let keys = dictionary.normalized_keys();
            let keys = keys.into_iter().enumerate();
            keys.map(|(row, key)| if array.is_null(row) { None } else { values[key] }).collect()
        }
        _ => vec![None; array.len()],
    }
}
