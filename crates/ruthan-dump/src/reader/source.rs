//! Where bytes come from: a file or stream, unpacked if it is packed.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::CrcReader;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use zip::{CompressionMethod, ZipArchive};

use crate::error::{Error, Result};

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
const ZIP: &[u8] = b"PK\x03\x04";
/// How many bytes tell how a file is packed.
const MAGIC: usize = 4;
/// The endings that say how a file is packed, and nothing of what is in it.
const PACKED: [&str; 3] = ["gz", "zst", "zip"];
/// The endings of dumps inside an archive; its other files are pictures and the like.
const DUMPS: [&str; 8] = ["txt", "json", "xml", "csv", "tsv", "jsonl", "ndjson", "log"];

/// Bytes to read, unpacked.
pub(super) struct Source {
    pub(super) read: Prefetch,
    /// The name that may tell the format: without the ending of the packing, or that inside an archive.
    pub(super) name: String,
    /// The file itself, where it is one and not packed: a table of columns is read from its end.
    pub(super) file: Option<File>,
    /// How many bytes of the file as it lies there have been read.
    pub(super) taken: Arc<AtomicU64>,
}

impl Source {
    /// Looks at the first bytes, and unpacks from then on.
    pub(super) fn open(read: Box<dyn Read + Send>, file: Option<File>, name: &str) -> Result<Self> {
        let open = |cause| Error::Open { file: name.to_owned(), cause };
        let taken = Arc::new(AtomicU64::new(0));
        let mut read = Prefetch::new(Counting { read, taken: Arc::clone(&taken) });
        let magic = read.fill(MAGIC);
        let read = if magic.starts_with(GZIP) {
            Prefetch::new(Unpacked(MultiGzDecoder::new(BufReader::new(read))))
        } else if magic.starts_with(ZSTD) {
            Prefetch::new(Unpacked(zstd::Decoder::new(read).map_err(open)?))
        } else if magic.starts_with(ZIP) {
            let Some(file) = file else {
                let cause = "a zip archive is read from its end, so it must be a file";
                return Err(open(io::Error::new(io::ErrorKind::NotSeekable, cause)));
            };
            let (entry, inner) = zip_entry(file, Arc::clone(&taken)).map_err(open)?;
            let read = Prefetch::new(Unpacked(entry));
            return Ok(Self { read, name: inner, file: None, taken });
        } else {
            return Ok(Self { read, name: name.to_owned(), file, taken });
        };
        Ok(Self { read, name: unpacked_name(name).to_owned(), file: None, taken })
    }
}

/// Returns a name without the ending that says how the file is packed.
fn unpacked_name(name: &str) -> &str {
    match Path::new(name).extension().and_then(|ending| ending.to_str()) {
        Some(ending) if PACKED.iter().any(|packed| ending.eq_ignore_ascii_case(packed)) => {
            &name[..name.len() - ending.len() - 1]
        }
        _ => name,
    }
}

/// Finds the one dump in an archive, beside whatever pictures, and its name.
fn zip_entry(file: File, taken: Arc<AtomicU64>) -> io::Result<(impl Read + Send, String)> {
    let invalid = |cause: String| io::Error::new(io::ErrorKind::InvalidData, cause);
    let broken = |error: zip::result::ZipError| invalid(format!("the archive is damaged: {error}"));
    let mut archive = ZipArchive::new(file.try_clone()?).map_err(broken)?;
    let is_dump = |name: &str| {
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| DUMPS.iter().any(|dump| ending.eq_ignore_ascii_case(dump)))
            // What the archiver of macOS puts beside each file.
            && !name.starts_with("__MACOSX/")
    };
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| name.ok().map(Cow::into_owned))
        .filter(|name| is_dump(name))
        .collect();
    let [name] = &names[..] else {
        return Err(invalid(match names.len() {
            0 => "there is no text, JSON, XML or CSV file in the archive".to_owned(),
            count => format!("there are {count} dumps in the archive; unpack it and name one"),
        }));
    };
    let entry = archive.by_name(name).map_err(broken)?;
    let start = entry.data_start().ok_or_else(|| invalid("the archive is damaged".to_owned()))?;
    let (packed, crc, method) = (entry.compressed_size(), entry.crc32(), entry.compression());
    if entry.encrypted() {
        return Err(invalid("the archive is encrypted; unpack it first".to_owned()));
    }
    drop(entry);
    drop(archive);
    let mut file = file;
    file.seek(io::SeekFrom::Start(start))?;
    let packed = Counting { read: Box::new(file.take(packed)), taken };
    let read: Box<dyn Read + Send> = match method {
        CompressionMethod::Stored => Box::new(packed),
        CompressionMethod::Deflated => Box::new(DeflateDecoder::new(BufReader::new(packed))),
        other => return Err(invalid(format!("the archive is packed by {other}; unpack it first"))),
    };
    Ok((Verified { read: CrcReader::new(read), expected: crc }, name.clone()))
}

/// Counts the bytes read.
struct Counting {
    read: Box<dyn Read + Send>,
    taken: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read.read(buffer)?;
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Checks at the end that all came out as it went in.
struct Verified<R> {
    read: CrcReader<R>,
    expected: u32,
}

impl<R: Read> Read for Verified<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read.read(buffer)?;
        if count == 0 && !buffer.is_empty() && self.read.crc().sum() != self.expected {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(count)
    }
}

/// What an unpacker gives. Whatever it finds wrong, and not the system, is damage of the file.
struct Unpacked<R>(R);

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            io::Error::new(io::ErrorKind::InvalidData, error)
        })
    }
}

/// A reader whose first bytes can be looked at before they are read.
pub(super) struct Prefetch {
    read: Box<dyn Read + Send>,
    front: Cursor<Vec<u8>>,
    /// What went wrong while looking ahead, to be said in its place.
    failed: Option<io::Error>,
    ended: bool,
}

impl Prefetch {
    pub(super) fn new(read: impl Read + Send + 'static) -> Self {
        Self { read: Box::new(read), front: Cursor::default(), failed: None, ended: false }
    }

    /// Returns the next `size` bytes, or as many as there are, which stay to be read. Only before
    /// anything has been read.
    pub(super) fn fill(&mut self, size: usize) -> &[u8] {
        let front = self.front.get_mut();
        while front.len() < size && !self.ended && self.failed.is_none() {
            let begin = front.len();
            front.resize(size, 0);
            let read = self.read.read(&mut front[begin..]);
            front.truncate(begin + read.as_ref().copied().unwrap_or(0));
            match read {
                Ok(count) => self.ended = count == 0,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.failed = Some(error),
            }
        }
        &front[..front.len().min(size)]
    }
}

impl Read for Prefetch {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.front.read(buffer)?;
        if count > 0 || buffer.is_empty() {
            return Ok(count);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None if self.ended => Ok(0),
            None => self.read.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_the_ending_of_the_packing() {
        assert_eq!(unpacked_name("ข้อความ.csv.GZ"), "ข้อความ.csv");
        assert_eq!(unpacked_name("a.csv"), "a.csv");
    }

    #[test]
    fn what_was_looked_at_is_read_in_its_place() {
        let mut prefetch = Prefetch::new("ab".as_bytes().chain("cd".as_bytes()));
        assert_eq!(prefetch.fill(3), b"abc");
        assert_eq!(prefetch.fill(9), b"abcd");
        let mut all = String::new();
        prefetch.read_to_string(&mut all).unwrap();
        assert_eq!(all, "abcd");
    }
}
