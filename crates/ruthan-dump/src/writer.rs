//! Writing batches, in any format.
//!
//! A format implements [`Encode`]: it turns rows into bytes. Checking the columns, cutting batches into
//! pieces and the output are dealt with here, once for all formats.

mod columnar;
mod csv;
mod jsonl;
mod textual;
mod value;

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};

use crate::error::{Error, Result};
use crate::format::Format;
use crate::output::Output;
use textual::Textual;

/// How many rows are encoded before they are written, so that memory stays bounded whatever the
/// batch.
const ROWS_AT_ONCE: usize = 1_024;

/// Turns rows into a format's bytes.
trait Encode: Send {
    /// Appends what comes before the first row.
    fn head(&mut self, _out: &mut Vec<u8>) {}

    /// Appends rows, whose columns are those that the encoder was made for.
    fn rows(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError>;

    /// Appends what comes after the last row.
    fn tail(&mut self, _out: &mut Vec<u8>) -> Result<(), ArrowError> {
        Ok(())
    }
}

/// A file being written, batch by batch.
///
/// The columns are those of a [`Reader`](crate::Reader), in front, and any that the program appends.
/// Text formats write numbers in the shortest digits that read back the same, and what is neither a
/// string, a number nor a boolean as JSON. Parquet and Arrow keep each column's type; raw JSON
/// ([`json_field`](crate::json_field)) is stored as a string. Without [`finish`](Writer::finish) a
/// file never appears.
///
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch};
/// use arrow_schema::{DataType, Field, Schema};
/// use ruthan_dump::{Format, Output, ReadOptions, Reader, Writer, unique_name};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("scored.csv");
/// let reader = Reader::from_read("text\nสวัสดี\n".as_bytes(), "a.csv", &ReadOptions::new())?;
///
/// let mut fields = reader.schema().fields().to_vec();
/// let score = unique_name(reader.schema(), "score");
/// fields.push(Arc::new(Field::new(score, DataType::Float64, false)));
/// let schema = Arc::new(Schema::new(fields));
///
/// let mut writer = Writer::new(Output::create(&path)?, Format::Csv, schema.clone())?;
/// for batch in reader {
///     let mut columns = batch?.columns.columns().to_vec();
///     columns.push(Arc::new(Float64Array::from(vec![0.125])) as ArrayRef);
///     writer.write(&RecordBatch::try_new(schema.clone(), columns)?)?;
/// }
/// writer.finish()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "text,score\nสวัสดี,0.125\n");
/// # Ok(())
/// # }
/// ```
pub struct Writer {
    output: Output,
    schema: SchemaRef,
    /// How columns become text, for the formats that are.
    textual: Option<Textual>,
    encoder: Box<dyn Encode>,
    buffer: Vec<u8>,
    /// How many bytes have been written, the beginning that was there before included.
    written: u64,
}

impl Writer {
    /// Begins a file of these columns; a CSV file has its header from here on, even without a row.
    ///
    /// # Errors
    ///
    /// [`Error::NotWritten`] for a format that is only read; [`Error::ColumnType`] if a column cannot be
    /// written; [`Error::Write`] and [`Error::BrokenPipe`] as the system says.
    pub fn new(output: Output, format: Format, schema: SchemaRef) -> Result<Self> {
        let mut writer = Self::make(output, Some(format), schema)?;
        writer.encoder.head(&mut writer.buffer);
        writer.write_buffer()?;
        Ok(writer)
    }

    /// Goes on with a file of which the first `written` bytes are there, whole rows of the same columns
    /// and format; only for text formats, and for what [`spool`](Self::spool) began.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn resume(
        output: Output,
        format: Option<Format>,
        schema: SchemaRef,
        written: u64,
    ) -> Result<Self> {
        if let Some(format @ (Format::Parquet | Format::Arrow)) = format {
            return Err(Error::NotWritten { format });
        }
        let mut writer = Self::make(output, format, schema)?;
        // What comes first is there already.
        writer.encoder.head(&mut Vec::new());
        writer.written = written;
        Ok(writer)
    }

    /// Begins a file for the program itself, an Arrow stream of the columns just as they are, that can
    /// grow batch by batch and be read again.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn spool(output: Output, schema: SchemaRef) -> Result<Self> {
        let mut writer = Self::make(output, None, schema)?;
        writer.encoder.head(&mut writer.buffer);
        writer.write_buffer()?;
        Ok(writer)
    }

    fn make(output: Output, format: Option<Format>, schema: SchemaRef) -> Result<Self> {
        let failed = |cause| Error::write(output.name(), io::Error::other(cause));
        let mut textual = None;
        let mut text_schema = || -> Result<SchemaRef> {
            let made = Textual::of(&schema).map_err(|field| Error::ColumnType {
                column: field.name().clone(),
                data_type: field.data_type().clone(),
            })?;
            let schema = Arc::clone(made.schema());
            textual = Some(made);
            Ok(schema)
        };
        let encoder: Box<dyn Encode> = match format {
            Some(format @ (Format::Csv | Format::Tsv)) => {
                Box::new(csv::CsvEncoder::new(&*text_schema()?, format.delimiter()))
            }
            Some(Format::JsonLines) => Box::new(jsonl::JsonEncoder::new(&*text_schema()?)),
            Some(Format::Parquet) => {
                Box::new(columnar::ParquetEncoder::new(&schema).map_err(failed)?)
            }
            Some(Format::Arrow) => Box::new(columnar::ArrowEncoder::new(&schema).map_err(failed)?),
            None => Box::new(columnar::SpoolEncoder::new(&schema).map_err(failed)?),
            Some(format) => return Err(Error::NotWritten { format }),
        };
        Ok(Self { output, schema, textual, encoder, buffer: Vec::new(), written: 0 })
    }

    /// Writes a batch.
    ///
    /// # Errors
    ///
    /// [`Error::SchemaChanged`] if it has other columns than the writer was made for;
    /// [`Error::Write`] and [`Error::BrokenPipe`] as the system says.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.schema_ref().fields() != self.schema.fields() {
            return Err(Error::SchemaChanged { file: self.output.name().to_owned() });
        }
        let Some(textual) = &self.textual else { return self.encode(batch) };
        let made = textual.apply(batch).map_err(|cause| self.failed(cause))?;
        for start in (0..made.num_rows()).step_by(ROWS_AT_ONCE) {
            self.encode(&made.slice(start, ROWS_AT_ONCE.min(made.num_rows() - start)))?;
        }
        Ok(())
    }

    fn encode(&mut self, rows: &RecordBatch) -> Result<()> {
        let encoded = self.encoder.rows(rows, &mut self.buffer);
        encoded.map_err(|cause| self.failed(cause))?;
        self.write_buffer()
    }

    fn failed(&self, cause: ArrowError) -> Error {
        Error::write(self.output.name(), io::Error::other(cause))
    }

    /// Returns how many bytes have been written so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Puts all that has been written on the disk, so that it is there after a crash.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] as the system says.
    pub fn sync(&mut self) -> Result<()> {
        self.output.sync().map_err(|cause| Error::write(self.output.name(), cause))
    }

    /// Passes on what the system holds back, so that a reader at the other end of a pipe sees it.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] and [`Error::BrokenPipe`] as the system says.
    pub fn flush(&mut self) -> Result<()> {
        self.output.flush().map_err(|cause| Error::write(self.output.name(), cause))
    }

    /// Ends the file, which appears under its name only now.
    ///
    /// # Errors
    ///
    /// As [`Output::finish`].
    pub fn finish(mut self) -> Result<()> {
        let ended = self.encoder.tail(&mut self.buffer);
        ended.map_err(|cause| self.failed(cause))?;
        self.write_buffer()?;
        self.output.finish()
    }

    fn write_buffer(&mut self) -> Result<()> {
        self.written += self.buffer.len() as u64;
        let written = self.output.write_all(&self.buffer);
        self.buffer.clear();
        written.map_err(|cause| Error::write(self.output.name(), cause))
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("output", &self.output).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use arrow_schema::{DataType, Field, Schema, UnionFields, UnionMode};

    use super::*;

    #[test]
    fn columns_must_be_known_and_stay_the_same() {
        let schema = |data_type| Arc::new(Schema::new(vec![Field::new("เวลา", data_type, true)]));
        let union = DataType::Union(UnionFields::empty(), UnionMode::Sparse);
        let error = Writer::new(Output::sink(), Format::Csv, schema(union)).unwrap_err();
        assert!(error.to_string().starts_with("column `เวลา` has the type Union"), "{error}");
        let error = Writer::new(Output::sink(), Format::Line, schema(DataType::Utf8)).unwrap_err();
        assert_eq!(error.to_string(), "the format line is only read, not written");
        let mut writer = Writer::new(Output::sink(), Format::Csv, schema(DataType::Utf8)).unwrap();
        let other = RecordBatch::new_empty(schema(DataType::Int64));
        assert!(matches!(writer.write(&other), Err(Error::SchemaChanged { .. })));
    }
}
