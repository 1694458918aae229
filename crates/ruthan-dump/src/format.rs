//! Which format a dump is in.

use std::path::Path;
use std::str::FromStr;

/// A format of message dumps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Fields parted by commas, quoted as RFC 4180 says.
    Csv,
    /// The same with tabs.
    Tsv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// Tells the format from a file's name; none if the ending is unknown.
    ///
    /// ```
    /// use ruthan_dump::Format;
    ///
    /// assert_eq!(Format::from_path("ข้อความ.JSONL"), Some(Format::JsonLines));
    /// assert_eq!(Format::from_path("inbox"), None);
    /// ```
    pub fn from_path(path: impl AsRef<Path>) -> Option<Self> {
        path.as_ref().extension()?.to_str()?.parse().ok()
    }

    /// Tells the format from how a file begins: an object is JSON Lines, anything else CSV.
    pub(crate) fn from_content(start: &[u8]) -> Self {
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Self::JsonLines,
            _ => Self::Csv,
        }
    }

    /// Returns the character between fields, for the formats that have one.
    pub(crate) fn delimiter(self) -> u8 {
        if self == Self::Tsv { b'\t' } else { b',' }
    }
}

/// A name that is no format's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown format: the formats are csv, tsv, jsonl (or ndjson)")]
#[non_exhaustive]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;

    /// Reads a format's name as used in file names: `csv`, `tsv`, `jsonl`, `ndjson`, in any case.
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name.to_ascii_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "tsv" => Ok(Self::Tsv),
            "jsonl" | "ndjson" => Ok(Self::JsonLines),
            _ => Err(UnknownFormat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_contents_tell() {
        assert_eq!(Format::from_path("a/b.tsv"), Some(Format::Tsv));
        assert_eq!(Format::from_path("b.ndjson"), Some(Format::JsonLines));
        assert_eq!(Format::from_path("b.xlsx"), None);
        assert_eq!(Format::from_content(b" \n {\"a\":1}"), Format::JsonLines);
        assert_eq!(Format::from_content("ข้อความ\n".as_bytes()), Format::Csv);
        assert_eq!(Format::from_content(b""), Format::Csv);
    }
}
