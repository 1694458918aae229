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
    /// One JSON array of objects; only read.
    JsonArray,
    /// Parquet.
    Parquet,
    /// Arrow IPC: read as a file or stream, written as a file.
    Arrow,
    /// A message on each line; only read.
    Text,
    /// The XML of the Android application SMS Backup & Restore; only read.
    SmsBackup,
    /// The text that LINE saves of a chat; only read.
    Line,
    /// The text that WhatsApp exports of a chat; only read.
    WhatsApp,
    /// The `result.json` that Telegram exports; only read.
    Telegram,
}

impl Format {
    /// Tells the format from a file's name; none if the ending is unknown, or says too little, as
    /// `.json` and `.txt` do.
    ///
    /// ```
    /// use ruthan_dump::Format;
    ///
    /// assert_eq!(Format::from_path("ข้อความ.JSONL"), Some(Format::JsonLines));
    /// assert_eq!(Format::from_path("inbox"), None);
    /// ```
    pub fn from_path(path: impl AsRef<Path>) -> Option<Self> {
        let ending = path.as_ref().extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "jsonl" | "ndjson" => Self::JsonLines,
            "parquet" => Self::Parquet,
            "arrow" | "feather" | "ipc" => Self::Arrow,
            _ => return None,
        })
    }

    /// Returns the format in which a program answers to this one, if nothing else is asked for: the
    /// same where it can be written, JSON Lines for an array, CSV for what telephones export.
    #[must_use]
    pub fn answered_in(self) -> Self {
        match self {
            Self::JsonArray => Self::JsonLines,
            Self::Text | Self::SmsBackup | Self::Line | Self::WhatsApp | Self::Telegram => {
                Self::Csv
            }
            written => written,
        }
    }

    /// Returns the format's name, as [`from_str`](Self::from_str) reads it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::JsonLines => "jsonl",
            Self::JsonArray => "json",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
            Self::Text => "text",
            Self::SmsBackup => "sms-backup",
            Self::Line => "line",
            Self::WhatsApp => "whatsapp",
            Self::Telegram => "telegram",
        }
    }

    /// Returns the character between fields, for the formats that have one.
    pub(crate) fn delimiter(self) -> u8 {
        if self == Self::Tsv { b'\t' } else { b',' }
    }
}

/// A name that is no format's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown format: the formats are csv, tsv, jsonl (or ndjson), json, parquet, arrow, text, sms-backup, line, whatsapp, telegram"
)]
#[non_exhaustive]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;

    /// Reads a format's name, in any case.
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "jsonl" | "ndjson" => Self::JsonLines,
            "json" => Self::JsonArray,
            "parquet" => Self::Parquet,
            "arrow" | "feather" | "ipc" => Self::Arrow,
            "text" | "txt" => Self::Text,
            "sms-backup" => Self::SmsBackup,
            "line" => Self::Line,
            "whatsapp" => Self::WhatsApp,
            "telegram" => Self::Telegram,
            _ => return Err(UnknownFormat),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        assert_eq!(Format::from_path("a/b.tsv"), Some(Format::Tsv));
        assert_eq!(Format::from_path("b.ndjson"), Some(Format::JsonLines));
        assert_eq!(Format::from_path("b.xlsx"), None);
        for format in [Format::Telegram, Format::SmsBackup, Format::JsonArray, Format::Text] {
            assert_eq!(format.as_str().parse(), Ok(format));
            assert_ne!(format.answered_in(), format);
        }
        assert_eq!(Format::Parquet.answered_in(), Format::Parquet);
    }
}
