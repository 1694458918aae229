//! Encodings of text: what a file is in, and turning it into UTF-8 piece by piece.

use std::io::{self, Read};
use std::str::FromStr;

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_874};

use super::source::Prefetch;

/// How much of a file is looked at to tell its encoding.
const LOOKED_AT: usize = 64 << 10;
/// How much is decoded at once.
const CHUNK: usize = 64 << 10;
/// So many bytes of Thai tell the encoding; fewer may be damage.
const FEWEST_THAI: usize = 3;
/// No UTF-8 has this byte: a row with it is told by the reader to be in a wrong encoding.
const WRONG: u8 = 0xff;

/// How a dump's characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, the lower byte first, as Windows writes it.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// Windows-874, and so TIS-620 and ISO 8859-11: Thai with a byte a character.
    Windows874,
}

/// A name that is no encoding's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown encoding: the encodings are utf-8, utf-16le, utf-16be, windows-874 (or tis-620)")]
#[non_exhaustive]
pub struct UnknownEncoding;

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    /// Reads an encoding's name, in any case.
    fn from_str(name: &str) -> Result<Self, UnknownEncoding> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "utf-16le" | "utf-16" => Ok(Self::Utf16Le),
            "utf-16be" => Ok(Self::Utf16Be),
            "windows-874" | "cp874" | "tis-620" | "tis620" | "iso-8859-11" => Ok(Self::Windows874),
            _ => Err(UnknownEncoding),
        }
    }
}

impl Encoding {
    /// Tells the encoding from how a file begins; UTF-8 if nothing speaks against it.
    fn of(start: &[u8]) -> Self {
        let (even, odd) = zeros(start);
        if start.starts_with(b"\xff\xfe") || odd {
            Self::Utf16Le
        } else if start.starts_with(b"\xfe\xff") || even {
            Self::Utf16Be
        } else if is_thai(start) {
            Self::Windows874
        } else {
            Self::Utf8
        }
    }

    fn decoder(self) -> Option<Decoder> {
        match self {
            Self::Utf8 => None,
            Self::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            Self::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
            Self::Windows874 => Some(WINDOWS_874.new_decoder_without_bom_handling()),
        }
    }
}

/// Says whether the zeros of a text stand in the even or the odd places, as in UTF-16, where each ASCII
/// character has one and few others have one in the other place.
fn zeros(start: &[u8]) -> (bool, bool) {
    let start = &start[..start.len() & !1];
    let count = |skip| start.iter().skip(skip).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (count(0), count(1));
    let many = |zeros: usize, others: usize| zeros * 32 >= start.len() && zeros > 4 * others;
    (many(even, odd), many(odd, even))
}

/// Says whether the bytes beyond ASCII are Thai in Windows-874 and cannot be UTF-8, in which every Thai
/// letter has bytes that Windows-874 has no letter for, and few bytes of which look like UTF-8.
fn is_thai(start: &[u8]) -> bool {
    let thai = |byte: u8| matches!(byte, 0xa1..=0xda | 0xdf..=0xfb);
    // The euro sign, dots, quotation marks and a space.
    let other = |byte: u8| byte < 0x80 || matches!(byte, 0x80 | 0x85 | 0x91..=0x97 | 0xa0);
    if !start.iter().all(|&byte| thai(byte) || other(byte)) {
        return false;
    }
    let beyond = start.iter().filter(|byte| !byte.is_ascii()).count();
    let invalid: usize = start.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    invalid >= FEWEST_THAI && 2 * invalid > beyond
}

/// Makes a reader of UTF-8 out of one of `wanted`, or of what the first bytes tell.
pub(super) fn decoded(mut read: Prefetch, wanted: Option<Encoding>) -> Box<dyn Read + Send> {
    let encoding = wanted.unwrap_or_else(|| Encoding::of(read.fill(LOOKED_AT)));
    match encoding.decoder() {
        None => Box::new(read),
        Some(decoder) => Box::new(Decoded {
            read,
            decoder,
            packed: Vec::new(),
            text: Vec::new(),
            given: 0,
            ended: false,
        }),
    }
}

/// A text turned into UTF-8. What means no character becomes a byte that UTF-8 does not have, so that
/// the row is rejected and not repaired.
struct Decoded {
    read: Prefetch,
    decoder: Decoder,
    /// Read and not decoded yet.
    packed: Vec<u8>,
    /// Decoded, and given out up to `given`.
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Decoded {
    /// Decodes the next piece.
    fn more(&mut self) -> io::Result<()> {
        self.packed.resize(CHUNK, 0);
        let count = self.read.read(&mut self.packed)?;
        self.packed.truncate(count);
        self.ended = count == 0;
        self.text.clear();
        self.given = 0;
        let mut done = 0;
        loop {
            let begin = self.text.len();
            self.text.resize(begin + 3 * (self.packed.len() - done) + 16, 0);
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.packed[done..],
                &mut self.text[begin..],
                self.ended,
            );
            done += read;
            self.text.truncate(begin + written);
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::Malformed(..) => self.text.push(WRONG),
                DecoderResult::OutputFull => {}
            }
        }
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            self.more()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: Option<Encoding>) -> Vec<u8> {
        let mut out = Vec::new();
        decoded(Prefetch::new(io::Cursor::new(bytes.to_vec())), encoding)
            .read_to_end(&mut out)
            .unwrap();
        out
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn the_first_bytes_tell() {
        let text = "text,n\nสวัสดี 😀,1\n";
        let marked = format!("\u{feff}{text}");
        for bytes in [
            utf16(&marked, u16::to_le_bytes),
            utf16(&marked, u16::to_be_bytes),
            utf16(text, u16::to_le_bytes),
            utf16(text, u16::to_be_bytes),
        ] {
            assert_eq!(read(&bytes, None), text.as_bytes());
        }
        let thai = WINDOWS_874.encode("ข้อความ,ราคา\nสวัสดี,5 €\n").0;
        assert_eq!(read(&thai, None), "ข้อความ,ราคา\nสวัสดี,5 €\n".as_bytes());
        // Damage in UTF-8 is left to the readers.
        for damaged in [&b"text\n\xff\xfeab\n"[..], b"text\n\xe0\xb8\x81\xe0\xb8\n", b"a\xe0\xb8"] {
            assert_eq!(read(damaged, None), damaged);
        }
    }

    #[test]
    fn what_is_no_character_is_no_utf8_either() {
        let wrong = [WRONG];
        let thai = read(b"\xa1\xdb\xa2", Some(Encoding::Windows874));
        assert_eq!(thai, ["ก".as_bytes(), &wrong, "ข".as_bytes()].concat());
        let half = [&utf16("ก", u16::to_le_bytes)[..], b"\x00\xd8", b"\x41\x00"].concat();
        assert_eq!(
            read(&half, Some(Encoding::Utf16Le)),
            [b"\xe0\xb8\x81", &wrong[..], b"A"].concat()
        );
        let odd = [&utf16("ก", u16::to_le_bytes)[..], b"\x41"].concat();
        assert_eq!(read(&odd, Some(Encoding::Utf16Le)), [b"\xe0\xb8\x81", &wrong[..]].concat());
    }

    #[test]
    fn names_are_read() {
        assert_eq!("TIS-620".parse(), Ok(Encoding::Windows874));
        assert_eq!("latin1".parse::<Encoding>(), Err(UnknownEncoding));
    }
}
