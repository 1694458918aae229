//! Writing batches, in any format.
//!
//! A format implements [`Encode`]: it turns rows into bytes. Checking the columns, cutting batches into
//! pieces and the output are dealt with here, once for all formats.

mod csv;
mod jsonl;
mod value;

use std::io::Write;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::error::{Error, Result};
use crate::format::Format;
use crate::output::Output;

/// How many rows are encoded before they are written, so that memory stays bounded whatever the
/// batch.
const ROWS_AT_ONCE: usize = 1_024;

/// Turns rows into a format's bytes.
trait Encode: Send {
    /// Appends what comes before the first row.
    fn head(&mut self, out: &mut Vec<u8>);

    /// Appends rows, whose columns are those that the encoder was made for.
    fn rows(&mut self, batch: &RecordBatch, out: &mut Vec<u8>);
}

/// A file being written, batch by batch.
///
/// The columns are those of a [`Reader`](crate::Reader), in front, and any that the program appends:
/// strings, `Float32` and `Float64` (in the shortest digits that read back the same), `Boolean`,
/// `UInt64`, `Int64`, and raw JSON ([`json_field`](crate::json_field)). Without
/// [`finish`](Writer::finish) a file never appears.
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
    encoder: Box<dyn Encode>,
    buffer: Vec<u8>,
}

impl Writer {
    /// Begins a file of these columns; a CSV file has its header from here on, even without a row.
    ///
    /// # Errors
    ///
    /// [`Error::ColumnType`] if a column cannot be written; [`Error::Write`] and
    /// [`Error::BrokenPipe`] as the system says.
    pub fn new(output: Output, format: Format, schema: SchemaRef) -> Result<Self> {
        for field in schema.fields() {
            if !value::is_known(field.data_type()) {
                let (column, data_type) = (field.name().clone(), field.data_type().clone());
                return Err(Error::ColumnType { column, data_type });
            }
        }
        let mut encoder: Box<dyn Encode> = match format {
            Format::Csv | Format::Tsv => {
                Box::new(csv::CsvEncoder::new(&schema, format.delimiter()))
            }
            Format::JsonLines => Box::new(jsonl::JsonEncoder::new(&schema)),
        };
        let mut buffer = Vec::new();
        encoder.head(&mut buffer);
        let mut writer = Self { output, schema, encoder, buffer };
        writer.write_buffer()?;
        Ok(writer)
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
        for start in (0..batch.num_rows()).step_by(ROWS_AT_ONCE) {
            let rows = batch.slice(start, ROWS_AT_ONCE.min(batch.num_rows() - start));
            self.encoder.rows(&rows, &mut self.buffer);
            self.write_buffer()?;
        }
        Ok(())
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
    pub fn finish(self) -> Result<()> {
        self.output.finish()
    }

    fn write_buffer(&mut self) -> Result<()> {
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
    use std::sync::Arc;

    use arrow_schema::{DataType, Field, Schema};

    use super::*;

    #[test]
    fn columns_must_be_known_and_stay_the_same() {
        let schema = |data_type| Arc::new(Schema::new(vec![Field::new("เวลา", data_type, true)]));
        let error = Writer::new(Output::sink(), Format::Csv, schema(DataType::Date32)).unwrap_err();
        assert_eq!(error.to_string(), "column `เวลา` has the type Date32, which cannot be written");
        let mut writer = Writer::new(Output::sink(), Format::Csv, schema(DataType::Utf8)).unwrap();
        let other = RecordBatch::new_empty(schema(DataType::Int64));
        assert!(matches!(writer.write(&other), Err(Error::SchemaChanged { .. })));
    }
}
