//! Tables stored by columns: Parquet, and Arrow's own format as a file or a stream.
//!
//! Columns pass through as they are, whatever their types; only that of messages must hold strings.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray, RecordBatch, StringArray};
use arrow_ipc::reader::StreamReader;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use arrow_select::concat::concat_batches;
use arrow_select::filter::filter_record_batch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::source::Prefetch;
use super::{Place, Rows, Step};
use crate::columns;
use crate::error::{Error, Result};
use crate::options::ReadOptions;
use crate::reject::Cause;

/// What a Parquet file begins and ends with.
pub(super) const PARQUET: &[u8] = b"PAR1";
/// What an Arrow file begins with; a stream follows, then what finds its batches again.
pub(super) const ARROW_FILE: &[u8] = b"ARROW1";
/// Writers fill what follows it with zeros, to a multiple of 8 or of up to this.
const MOST_PADDING: usize = 64;
/// What each message of an Arrow stream begins with.
pub(super) const ARROW_STREAM: &[u8] = b"\xff\xff\xff\xff";

type Batches = Box<dyn Iterator<Item = std::result::Result<RecordBatch, ArrowError>> + Send>;

/// The rows of a table.
pub(super) struct ColumnarRows {
    batches: Batches,
    schema: SchemaRef,
    text_column: usize,
    max_row_bytes: usize,
    current: RecordBatch,
    text: StringArray,
    /// The next row of the current batch.
    next: usize,
    /// The first row of the current batch that has not been taken.
    begin: usize,
    /// Which rows from there on are good.
    good: Vec<bool>,
    /// What has been taken of batches before.
    gathered: Vec<(RecordBatch, StringArray)>,
    rows: u64,
    size: Size,
}

/// How far it is through the file.
enum Size {
    /// So many bytes hold so many rows.
    Whole { bytes: u64, rows: u64 },
    /// A stream, of which other parts know how much was read.
    Unknown,
}

impl ColumnarRows {
    /// Opens a Parquet file.
    pub(super) fn parquet(file: File, name: &str, options: &ReadOptions) -> Result<Self> {
        let opened = caught(|| -> parquet::errors::Result<_> {
            let bytes = file.metadata().map_or(0, |metadata| metadata.len());
            let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
            let rows = builder.metadata().file_metadata().num_rows();
            let size = Size::Whole { bytes, rows: u64::try_from(rows).unwrap_or(0) };
            let reader = builder.with_batch_size(options.batch_rows).build()?;
            Ok((reader, size))
        });
        let (reader, size) = opened.map_err(|cause| open_error(name, cause))?;
        let schema = arrow_array::RecordBatchReader::schema(&reader);
        Self::start(Box::new(reader), &schema, size, name, options)
    }

    /// Opens an Arrow file or stream.
    pub(super) fn arrow(
        mut read: Prefetch,
        is_file: bool,
        name: &str,
        options: &ReadOptions,
    ) -> Result<Self> {
        if is_file {
            let front = read.fill(ARROW_FILE.len() + MOST_PADDING).iter().skip(ARROW_FILE.len());
            let head = ARROW_FILE.len() + front.take_while(|&&byte| byte == 0).count();
            io::copy(&mut read.by_ref().take(head as u64), &mut io::sink())
                .map_err(|cause| Error::Open { file: name.to_owned(), cause })?;
        }
        let opened = caught(|| StreamReader::try_new_buffered(read, None));
        let reader = opened.map_err(|cause| open_error(name, cause))?;
        let schema = reader.schema();
        Self::start(Box::new(reader), &schema, Size::Unknown, name, options)
    }

    fn start(
        batches: Batches,
        schema: &SchemaRef,
        size: Size,
        name: &str,
        options: &ReadOptions,
    ) -> Result<Self> {
        let names: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
        let wanted = options.text_column.as_deref();
        let text_column = columns::find_text(&names, wanted)
            .ok_or_else(|| columns::no_text(name, &names, wanted))?;
        let field = schema.field(text_column);
        if !is_text(field.data_type()) {
            let (column, data_type) = (columns::shown(field.name()), field.data_type().clone());
            return Err(Error::NotText { file: name.to_owned(), column, data_type });
        }
        Ok(Self {
            batches,
            schema: Arc::clone(schema),
            text_column,
            max_row_bytes: options.max_row_bytes,
            current: RecordBatch::new_empty(Arc::clone(schema)),
            text: StringArray::new_null(0),
            next: 0,
            begin: 0,
            good: Vec::new(),
            gathered: Vec::new(),
            rows: 0,
            size,
        })
    }

    /// Puts the good rows gone through aside.
    fn gather(&mut self) {
        let count = self.next - self.begin;
        if self.good.contains(&true) {
            let rows = self.current.slice(self.begin, count);
            let text = self.text.slice(self.begin, count);
            let taken = if self.good.contains(&false) {
                let good = BooleanArray::from(std::mem::take(&mut self.good));
                let text = arrow_select::filter::filter(&text, &good)
                    .map(|text| text.as_string::<i32>().clone());
                filter_record_batch(&rows, &good).and_then(|rows| Ok((rows, text?)))
            } else {
                Ok((rows, text))
            };
            self.gathered.push(taken.expect("the filter is as long as the rows"));
        }
        self.good.clear();
        self.begin = self.next;
    }

    /// Goes on to the next batch of the file; false at its end.
    fn advance(&mut self) -> io::Result<bool> {
        self.gather();
        let Some(batch) = caught(|| self.batches.next().transpose()).map_err(damaged)? else {
            return Ok(false);
        };
        let text = caught(|| arrow_cast::cast(batch.column(self.text_column), &DataType::Utf8));
        self.text = text.map_err(damaged)?.as_string::<i32>().clone();
        self.current = batch;
        self.next = 0;
        self.begin = 0;
        Ok(true)
    }
}

impl Rows for ColumnarRows {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn text_column(&self) -> usize {
        self.text_column
    }

    fn next_row(&mut self, room: usize) -> io::Result<Step> {
        while self.next == self.current.num_rows() {
            if !self.advance()? {
                return Ok(Step::End);
            }
        }
        let bytes =
            if self.text.is_valid(self.next) { self.text.value(self.next).len() } else { 0 };
        let fits = bytes <= self.max_row_bytes;
        if fits && bytes > room {
            return Ok(Step::Full);
        }
        self.good.push(fits);
        self.next += 1;
        self.rows += 1;
        // Even a row without text takes room.
        let place = Place { line: None, offset: None, bytes: bytes.max(1) };
        Ok(if fits {
            Step::Good(place)
        } else {
            let cause = Cause::TooLong { bytes: bytes as u64, limit: self.max_row_bytes as u64 };
            Step::Bad(place, cause)
        })
    }

    fn take(&mut self) -> (RecordBatch, StringArray) {
        self.gather();
        let mut gathered = std::mem::take(&mut self.gathered);
        if gathered.len() == 1 {
            return gathered.remove(0);
        }
        let joined = concat_batches(&self.schema, gathered.iter().map(|(rows, _)| rows));
        let texts: Vec<&dyn Array> = gathered.iter().map(|(_, text)| text as &dyn Array).collect();
        let text = if texts.is_empty() {
            StringArray::new_null(0)
        } else {
            let text = arrow_select::concat::concat(&texts).expect("they are all strings");
            text.as_string::<i32>().clone()
        };
        (joined.expect("they have the same columns"), text)
    }

    fn offset(&self) -> u64 {
        match self.size {
            Size::Whole { bytes, rows } => {
                let part = u128::from(self.rows) * u128::from(bytes) / u128::from(rows.max(1));
                u64::try_from(part).unwrap_or(bytes)
            }
            Size::Unknown => 0,
        }
    }

    fn knows_its_size(&self) -> bool {
        matches!(self.size, Size::Whole { .. })
    }
}

/// What [`Writer::spool`](crate::Writer::spool) wrote, batch by batch as it was written.
pub struct SpoolReader {
    name: String,
    batches: StreamReader<BufReader<File>>,
    schema: SchemaRef,
}

impl SpoolReader {
    /// Opens a spool.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] as the system says, and if it is no spool.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let name = path.as_ref().display().to_string();
        let open = |cause| Error::Open { file: name.clone(), cause };
        let file = File::open(path).map_err(open)?;
        let batches = StreamReader::try_new_buffered(file, None);
        let batches = batches.map_err(|cause| open_error(&name, cause))?;
        let schema = batches.schema();
        Ok(Self { name, batches, schema })
    }

    /// Returns the columns of every batch.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }
}

impl Iterator for SpoolReader {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?;
        Some(batch.map_err(|error| Error::Read {
            file: self.name.clone(),
            row: 0,
            cause: damaged(error),
        }))
    }
}

impl std::fmt::Debug for SpoolReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpoolReader").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Says whether a column's values are strings, however stored.
fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// Runs what decodes foreign bytes. The libraries promise errors; should one panic on a damaged file
/// all the same, it is an error, too.
fn caught<T, E: Into<ArrowError>>(
    decode: impl FnOnce() -> std::result::Result<T, E>,
) -> std::result::Result<T, ArrowError> {
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err(ArrowError::ParseError("the file is damaged".to_owned())),
    }
}

/// What the system says stays; all else is damage of the file. What the libraries say of that may
/// quote it.
fn damaged(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) if error.raw_os_error().is_some() => error,
        _ => io::ErrorKind::InvalidData.into(),
    }
}

fn open_error(name: &str, error: ArrowError) -> Error {
    let cause = damaged(error);
    let cause = if cause.kind() == io::ErrorKind::InvalidData {
        io::Error::new(cause.kind(), "not a whole Parquet or Arrow file, or of a kind unknown here")
    } else {
        cause
    };
    Error::Open { file: name.to_owned(), cause }
}
