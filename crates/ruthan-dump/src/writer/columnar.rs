//! Parquet and Arrow files.
//!
//! Columns are written with their types. Those of raw JSON become strings: a JSON string is decoded,
//! `null` is null, other JSON is kept as its text. An object's keys have no order in a table, and are
//! left out.

use std::mem;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::Encode;
use crate::columns::Role;
use crate::json_string;

/// How many rows a row group has at most: what is in it is held in memory.
const GROUP_ROWS: usize = 128 << 10;
/// How many bytes of a row group are held at most, about.
const GROUP_BYTES: usize = 32 << 20;

/// The columns as they are stored.
struct Stored {
    schema: SchemaRef,
    /// The columns that are stored, and whether they are of raw JSON.
    columns: Vec<(usize, bool)>,
}

impl Stored {
    fn of(schema: &Schema) -> Self {
        let mut fields = Vec::new();
        let mut columns = Vec::new();
        for (index, field) in schema.fields().iter().enumerate() {
            let role = Role::of(field);
            match role {
                Role::Keys => continue,
                Role::Plain => fields.push(Arc::clone(field)),
                Role::Json | Role::Rest => {
                    fields.push(Arc::new(Field::new(field.name(), DataType::Utf8, true)));
                }
            }
            columns.push((index, role != Role::Plain));
        }
        Self { schema: Arc::new(Schema::new(fields)), columns }
    }

    fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let columns = self.columns.iter().map(|&(index, json)| {
            let column = batch.column(index);
            if json { decoded(column) } else { Arc::clone(column) }
        });
        RecordBatch::try_new(Arc::clone(&self.schema), columns.collect())
    }
}

/// Decodes the strings among raw JSON.
fn decoded(column: &ArrayRef) -> ArrayRef {
    let mut out = StringBuilder::new();
    let mut scratch = String::new();
    for value in column.as_string::<i32>() {
        match value {
            None | Some("null") => out.append_null(),
            Some(json) if json.starts_with('"') => {
                scratch.clear();
                json_string::decode(json, &mut scratch);
                out.append_value(&scratch);
            }
            Some(json) => out.append_value(json),
        }
    }
    Arc::new(out.finish())
}

/// Turns rows into Parquet.
pub(super) struct ParquetEncoder {
    stored: Stored,
    writer: ArrowWriter<Vec<u8>>,
}

impl ParquetEncoder {
    pub(super) fn new(schema: &Schema) -> Result<Self, ArrowError> {
        let stored = Stored::of(schema);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by(concat!("ruthan ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let schema = Arc::clone(&stored.schema);
        Ok(Self { writer: ArrowWriter::try_new(Vec::new(), schema, Some(properties))?, stored })
    }

    /// Moves what is ready to the output. The writer counts for itself how much that was.
    fn drain(&mut self, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        self.writer.sync()?;
        out.append(self.writer.inner_mut());
        Ok(())
    }
}

impl Encode for ParquetEncoder {
    fn rows(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        self.writer.write(&self.stored.apply(batch)?)?;
        if self.writer.memory_size() > GROUP_BYTES {
            self.writer.flush()?;
        }
        self.drain(out)
    }

    fn tail(&mut self, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        self.writer.finish()?;
        self.drain(out)
    }
}

fn compressed() -> Result<IpcWriteOptions, ArrowError> {
    IpcWriteOptions::default().try_with_compression(Some(CompressionType::ZSTD))
}

/// Turns rows into an Arrow file.
pub(super) struct ArrowEncoder {
    stored: Stored,
    writer: FileWriter<Vec<u8>>,
}

impl ArrowEncoder {
    pub(super) fn new(schema: &Schema) -> Result<Self, ArrowError> {
        let stored = Stored::of(schema);
        let writer = FileWriter::try_new_with_options(Vec::new(), &stored.schema, compressed()?)?;
        Ok(Self { stored, writer })
    }
}

impl Encode for ArrowEncoder {
    fn head(&mut self, out: &mut Vec<u8>) {
        out.append(self.writer.get_mut());
    }

    fn rows(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        self.writer.write(&self.stored.apply(batch)?)?;
        out.append(self.writer.get_mut());
        Ok(())
    }

    fn tail(&mut self, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        self.writer.finish()?;
        out.append(self.writer.get_mut());
        Ok(())
    }
}

/// Turns rows into an Arrow stream, with each column just as it is: what a program keeps for itself.
pub(super) struct SpoolEncoder(StreamWriter<Vec<u8>>);

impl SpoolEncoder {
    pub(super) fn new(schema: &Schema) -> Result<Self, ArrowError> {
        StreamWriter::try_new_with_options(Vec::new(), schema, compressed()?).map(Self)
    }
}

impl Encode for SpoolEncoder {
    fn head(&mut self, out: &mut Vec<u8>) {
        *out = mem::take(self.0.get_mut());
    }

    fn rows(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        self.0.write(batch)?;
        out.append(self.0.get_mut());
        Ok(())
    }

    fn tail(&mut self, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        self.0.finish()?;
        out.append(self.0.get_mut());
        Ok(())
    }
}
