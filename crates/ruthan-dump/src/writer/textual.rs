//! Columns of any type made into those that a text format can write: strings, numbers and raw JSON.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef, RecordBatch, new_empty_array};
use arrow_json::writer::{EncoderOptions, make_encoder};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};

use super::value;
use crate::columns::json_field;

/// What becomes of a column.
#[derive(Debug, Clone)]
enum Way {
    Kept,
    /// Other widths of strings and numbers.
    Cast(DataType),
    /// Moments, in JSON as of this zone.
    Utc(TimeUnit),
    /// Lists and whatever else, in JSON.
    Json,
}

/// How the columns of a schema are made into others.
#[derive(Debug)]
pub(super) struct Textual {
    schema: SchemaRef,
    ways: Vec<Way>,
}

impl Textual {
    /// Finds a way for each column; the field for which there is none, otherwise.
    pub(super) fn of(schema: &Schema) -> Result<Self, FieldRef> {
        let mut fields = Vec::new();
        let mut ways = Vec::new();
        for field in schema.fields() {
            let way = Way::of(field).ok_or_else(|| Arc::clone(field))?;
            fields.push(match &way {
                Way::Kept => Arc::clone(field),
                Way::Cast(to) => Arc::new(Field::new(field.name(), to.clone(), true)),
                Way::Json | Way::Utc(_) => Arc::new(json_field(field.name())),
            });
            ways.push(way);
        }
        Ok(Self { schema: Arc::new(Schema::new(fields)), ways })
    }

    /// Returns the columns that come out.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Makes the columns of a batch into those that can be written.
    pub(super) fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let columns = self.ways.iter().enumerate().map(|(index, way)| {
            let column = batch.column(index);
            match way {
                Way::Kept => Ok(Arc::clone(column)),
                Way::Cast(to) => arrow_cast::cast(column, to),
                Way::Utc(unit) => {
                    let moment = DataType::Timestamp(*unit, Some("+00:00".into()));
                    let field = Arc::new(Field::new("", moment.clone(), true));
                    json(&field, &arrow_cast::cast(column, &moment)?)
                }
                Way::Json => {
                    json(batch.schema_ref().fields().get(index).expect("it is there"), column)
                }
            }
        });
        RecordBatch::try_new(Arc::clone(&self.schema), columns.collect::<Result<_, _>>()?)
    }
}

impl Way {
    fn of(field: &FieldRef) -> Option<Self> {
        use DataType::{
            Float16, Float32, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64,
        };
        use DataType::{LargeUtf8, Utf8, Utf8View};
        Some(match field.data_type() {
            data_type if value::is_known(data_type) => Self::Kept,
            // The names of zones are not known here, but the moment is the same in any.
            DataType::Timestamp(unit, Some(_)) => Self::Utc(*unit),
            LargeUtf8 | Utf8View => Self::Cast(Utf8),
            Int8 | Int16 | Int32 => Self::Cast(Int64),
            UInt8 | UInt16 | UInt32 => Self::Cast(UInt64),
            Float16 => Self::Cast(Float32),
            data_type => {
                let empty = new_empty_array(data_type);
                make_encoder(field, empty.as_ref(), &EncoderOptions::default()).ok()?;
                Self::Json
            }
        })
    }
}

/// Writes each value as JSON, null as `null`.
fn json(field: &FieldRef, column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let options = EncoderOptions::default();
    let mut encoder = make_encoder(field, column.as_ref(), &options)?;
    let mut out = StringBuilder::new();
    let mut value = Vec::new();
    for row in 0..column.len() {
        if encoder.is_null(row) {
            out.append_value("null");
            continue;
        }
        value.clear();
        encoder.encode(row, &mut value);
        let value = std::str::from_utf8(&value);
        out.append_value(value.map_err(|_| ArrowError::ParseError("not UTF-8".to_owned()))?);
    }
    Ok(Arc::new(out.finish()))
}
