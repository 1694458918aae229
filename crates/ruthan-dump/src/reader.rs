//! Reading a dump batch by batch, whatever its format.
//!
//! A format implements [`Rows`]: it finds the next row and appends it to its columns, or says what is
//! wrong with it. Batches, row numbers, limits and rejects are dealt with here, once for all formats.

mod chat;
mod columnar;
mod csv;
mod encoding;
mod json_value;
mod jsonl;
mod lines;
mod sniff;
mod source;
mod window;

use std::fs::File;
use std::io::{self, Read};
use std::iter::FusedIterator;
use std::mem;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{RecordBatch, StringArray};
use arrow_schema::SchemaRef;

use crate::batch::{Batch, Position};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::input::Input;
use crate::metadata::Metadata;
use crate::options::ReadOptions;
use crate::reject::{Cause, OnBadRow, Reject};
use columnar::ColumnarRows;
pub use columnar::SpoolReader;
use source::Source;
use window::Window;

pub use encoding::{Encoding, UnknownEncoding};

/// The rows of one file in one format, gathered into columns.
trait Rows: Send {
    /// Returns the columns, which stay the same to the end.
    fn schema(&self) -> &SchemaRef;

    /// Returns which of them holds the messages.
    fn text_column(&self) -> usize;

    /// Reads the next row and appends it, if it is good and no longer than `room`.
    fn next_row(&mut self, room: usize) -> io::Result<Step>;

    /// Takes the columns gathered since the last time, and the messages decoded.
    fn take(&mut self) -> (RecordBatch, StringArray);

    /// Returns how many bytes of the file, unpacked, have been dealt with.
    fn offset(&self) -> u64;

    /// Says whether `offset` counts bytes of the file as it lies there.
    fn knows_its_size(&self) -> bool {
        false
    }
}

/// What became of a row.
enum Step {
    /// It was appended.
    Good(Place),
    /// It cannot be used.
    Bad(Place, Cause),
    /// It is longer than the room there is, and comes next time.
    Full,
    /// There was none.
    End,
}

/// Where a row begins and how long it is.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: Option<u64>,
    offset: Option<u64>,
    bytes: usize,
}

/// A dump being read: an iterator of [`Batch`]es in the file's order.
///
/// After an error the iterator ends. The rows before a bad row or a failure of the system are handed
/// out before the error is.
pub struct Reader {
    file: Arc<str>,
    format: Format,
    rows: Box<dyn Rows>,
    metadata: Metadata,
    /// How many bytes of the file have been read.
    taken: Arc<AtomicU64>,
    on_bad_row: OnBadRow,
    batch_rows: usize,
    batch_bytes: usize,
    /// The number of the last row read.
    row: u64,
    /// What to say once the rows before it are out.
    pending: Option<Error>,
    ended: bool,
}

impl Reader {
    /// Opens a file, or standard input, and reads as far as is needed to know its columns: the first
    /// row of a CSV file, the first batch of JSON Lines.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] and [`Error::Read`] as the system says; [`Error::Empty`] and
    /// [`Error::FirstRow`] for a CSV file without a usable first row; [`Error::NoTextColumn`] and
    /// [`Error::NoSuchColumn`] if it is not clear which column holds the messages;
    /// [`Error::Delimiter`].
    pub fn open(input: &Input, options: &ReadOptions) -> Result<Self> {
        let opened = input.open()?;
        Self::start(opened.read, opened.file, input.name(), options)
    }

    /// Reads a dump from anywhere; `name` stands for the file in messages, and tells the format as a
    /// file's would.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    ///
    /// ```
    /// use ruthan_dump::{ReadOptions, Reader};
    ///
    /// # fn main() -> ruthan_dump::Result<()> {
    /// let lines = "{\"id\":1,\"text\":\"โอนเงินด่วน\"}\n{\"id\":2}\n";
    /// let mut reader = Reader::from_read(lines.as_bytes(), "chat", &ReadOptions::new())?;
    /// let batch = reader.next().unwrap()?;
    /// assert_eq!(batch.text.value(0), "โอนเงินด่วน");
    /// assert_eq!(batch.rejects[0].to_string(), "`chat`: row 2 (line 2): no field `text`");
    /// assert!(reader.next().is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_read(
        read: impl Read + Send + 'static,
        name: &str,
        options: &ReadOptions,
    ) -> Result<Self> {
        Self::start(Box::new(read), None, name.to_owned(), options)
    }

    fn start(
        read: Box<dyn Read + Send>,
        seekable: Option<File>,
        file: String,
        options: &ReadOptions,
    ) -> Result<Self> {
        let Source { mut read, name, file: seekable, taken } = Source::open(read, seekable, &file)?;
        // What is called so and is not is an error, and no text.
        let wanted = options.format.or_else(|| {
            let named = Format::from_path(&name);
            named.filter(|format| matches!(format, Format::Parquet | Format::Arrow))
        });
        let magic = read.fill(columnar::ARROW_FILE.len());
        let (is_arrow_file, is_parquet) =
            (magic.starts_with(columnar::ARROW_FILE), magic.starts_with(columnar::PARQUET));
        let is_arrow_stream = magic.starts_with(columnar::ARROW_STREAM);
        let (format, rows): (_, Box<dyn Rows>) = match wanted {
            Some(Format::Parquet) | None if is_parquet || wanted.is_some() => {
                let cause = "Parquet is read from its end, so it must be a file that is not packed";
                let cause = || io::Error::new(io::ErrorKind::NotSeekable, cause);
                let open = || Error::Open { file: file.clone(), cause: cause() };
                let rows = ColumnarRows::parquet(seekable.ok_or_else(open)?, &file, options)?;
                (Format::Parquet, Box::new(rows))
            }
            Some(Format::Arrow) | None if is_arrow_file || is_arrow_stream || wanted.is_some() => {
                let rows = ColumnarRows::arrow(read, is_arrow_file, &file, options)?;
                (Format::Arrow, Box::new(rows))
            }
            wanted => {
                let window = Window::new(encoding::decoded(read, options.encoding));
                text_rows(window, wanted, &file, &name, options)?
            }
        };
        let metadata = Metadata::find(rows.schema(), rows.text_column(), &file, options)?;
        Ok(Self {
            file: file.into(),
            format,
            rows,
            metadata,
            taken,
            on_bad_row: options.on_bad_row,
            batch_rows: options.batch_rows,
            batch_bytes: options.batch_bytes,
            row: 0,
            pending: None,
            ended: false,
        })
    }

    /// Returns the file's name, for messages to people.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the format, as asked for or found.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Returns the columns of every batch.
    pub fn schema(&self) -> &SchemaRef {
        self.rows.schema()
    }

    /// Returns which column holds the messages.
    pub fn text_column(&self) -> usize {
        self.rows.text_column()
    }

    /// Returns how many bytes of the file, as it lies on the disk, have been read, for a progress bar;
    /// the reading is a little ahead of the rows.
    pub fn bytes_read(&self) -> u64 {
        if self.rows.knows_its_size() {
            self.rows.offset()
        } else {
            self.taken.load(Ordering::Relaxed)
        }
    }

    /// Reads rows until a batch is full, the file ends or something fails.
    fn read_batch(&mut self) -> (Vec<Position>, Vec<Reject>) {
        let mut positions = Vec::new();
        let mut rejects = Vec::new();
        let mut bytes = 0;
        while self.pending.is_none() && positions.len() + rejects.len() < self.batch_rows {
            // A row that is longer than a whole batch gets one to itself.
            let room = if bytes == 0 { usize::MAX } else { self.batch_bytes.saturating_sub(bytes) };
            match self.rows.next_row(room) {
                Ok(Step::Good(place)) => {
                    self.row += 1;
                    bytes += place.bytes;
                    let Place { line, offset, .. } = place;
                    positions.push(Position { row: self.row, line, offset });
                }
                Ok(Step::Bad(place, cause)) => {
                    self.reject(place, cause, &mut rejects);
                }
                Ok(Step::Full) => break,
                Ok(Step::End) => {
                    self.ended = true;
                    break;
                }
                Err(cause) if is_damage(&cause) => {
                    let offset = (!self.rows.knows_its_size()).then(|| self.rows.offset());
                    let place = Place { line: None, offset, bytes: 0 };
                    self.reject(place, Cause::Damaged, &mut rejects);
                    self.ended = true;
                    break;
                }
                Err(cause) => {
                    let file = self.file.to_string();
                    self.pending = Some(Error::Read { file, row: self.row, cause });
                    break;
                }
            }
        }
        (positions, rejects)
    }
}

impl Reader {
    /// Sets a row aside, or keeps it as the error that ends the reading.
    fn reject(&mut self, place: Place, cause: Cause, rejects: &mut Vec<Reject>) {
        self.row += 1;
        let Place { line, offset, .. } = place;
        let file = self.file.to_string();
        let reject = Reject { file, row: self.row, line, offset, cause };
        match self.on_bad_row {
            OnBadRow::Collect => rejects.push(reject),
            OnBadRow::Stop => self.pending = Some(Error::BadRow(reject)),
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.pending.is_none() && !self.ended {
            let (positions, rejects) = self.read_batch();
            if !positions.is_empty() || !rejects.is_empty() {
                let (columns, text) = self.rows.take();
                return Some(Ok(Batch {
                    file: Arc::clone(&self.file),
                    columns,
                    text_column: self.rows.text_column(),
                    text,
                    metadata: self.metadata,
                    positions,
                    rejects,
                }));
            }
        }
        self.ended = true;
        mem::take(&mut self.pending).map(Err)
    }
}

impl FusedIterator for Reader {}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("file", &self.file)
            .field("format", &self.format)
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

/// Begins a file of text in the format `wanted`, or else the one that it looks like.
fn text_rows(
    mut window: Window,
    wanted: Option<Format>,
    file: &str,
    name: &str,
    options: &ReadOptions,
) -> Result<(Format, Box<dyn Rows>)> {
    let failed = |cause| Error::Read { file: file.to_owned(), row: 0, cause };
    window.skip_bom().map_err(failed)?;
    let format = match wanted {
        Some(format) => format,
        None => sniff::sniff(&mut window, name).map_err(failed)?,
    };
    let rows: Box<dyn Rows> = match format {
        Format::Csv | Format::Tsv => {
            let delimiter = options.delimiter_for(format)?;
            Box::new(csv::CsvRows::start(window, file, delimiter, options)?)
        }
        Format::JsonLines => Box::new(jsonl::JsonRows::of_lines(window, file, options)?),
        Format::JsonArray => Box::new(jsonl::JsonRows::of_array(window, file, options)?),
        _ => {
            // In an archive, the archive's name is that of the chat.
            let zip = Path::new(file).extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
            let name = if zip { file } else { name };
            Box::new(chat::ChatRows::start(window, format, name, options).map_err(failed)?)
        }
    };
    Ok((format, rows))
}

/// Says whether a failure is of the file and not of the system.
fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails after its text, as a network drive does.
    struct Failing(&'static [u8]);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("the drive is gone"));
            }
            self.0.read(buffer)
        }
    }

    fn read(text: &'static str, options: &ReadOptions) -> Vec<Result<Batch>> {
        Reader::from_read(text.as_bytes(), "f.csv", options).unwrap().collect()
    }

    #[test]
    fn batches_keep_to_their_limits() {
        let text = "text\na\nb\nc\nd\ne\n";
        let sizes = |options| -> Vec<usize> {
            read(text, &options).into_iter().map(|batch| batch.unwrap().num_rows()).collect()
        };
        assert_eq!(sizes(ReadOptions::new()), [5]);
        assert_eq!(sizes(ReadOptions::new().batch_rows(2)), [2, 2, 1]);
        assert_eq!(sizes(ReadOptions::new().batch_rows(5)), [5]);
        assert_eq!(sizes(ReadOptions::new().batch_bytes(6)), [3, 2]);
        assert_eq!(sizes(ReadOptions::new().batch_bytes(1)), [1; 5]);
    }

    #[test]
    fn rows_are_numbered_through_rejects_and_batches() {
        let text = "ข้อความ,n\nก,1\n\nข\nค,3\n";
        let batches = read(text, &ReadOptions::new().batch_rows(2));
        let [Ok(first), Ok(second)] = &batches[..] else { panic!("{batches:?}") };
        assert_eq!(first.positions, [Position { row: 1, line: Some(2), offset: Some(24) }]);
        assert_eq!((first.rejects[0].row, first.rejects[0].line), (2, Some(4)));
        assert_eq!(second.positions, [Position { row: 3, line: Some(5), offset: Some(35) }]);
        assert_eq!((first.first_row(), second.first_row()), (Some(1), Some(3)));
    }

    #[test]
    fn a_bad_row_stops_after_the_rows_before_it() {
        let batches = read("text,n\na,1\nb\nc,3\n", &ReadOptions::new().on_bad_row(OnBadRow::Stop));
        let [Ok(before), Err(Error::BadRow(reject))] = &batches[..] else { panic!("{batches:?}") };
        assert_eq!(before.text.value(0), "a");
        assert_eq!(reject.to_string(), "`f.csv`: row 2 (line 3): 1 field where the header has 2");
    }

    #[test]
    fn a_failure_comes_after_the_rows_before_it() {
        let reader =
            Reader::from_read(Failing(b"text\na\nb"), "f.csv", &ReadOptions::new()).unwrap();
        let batches: Vec<_> = reader.collect();
        let [Ok(before), Err(error)] = &batches[..] else { panic!("{batches:?}") };
        assert_eq!(before.text.value(0), "a");
        assert_eq!(error.to_string(), "`f.csv`: reading failed after row 1: the drive is gone");
    }

    #[test]
    fn the_content_tells_the_format() {
        let format = |text: &'static str, name| {
            Reader::from_read(text.as_bytes(), name, &ReadOptions::new()).unwrap().format()
        };
        assert_eq!(format("\u{feff} \n{\"ข้อความ\":\"ก\"}", "chat.txt"), Format::JsonLines);
        assert_eq!(format("\u{feff}ข้อความ\nก\n", "<stdin>"), Format::Csv);
        assert_eq!(format("a\ttext\n", "a.tsv"), Format::Tsv);
    }
}
