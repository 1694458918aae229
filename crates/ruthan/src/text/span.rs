//! Places in a text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A stretch of the text as given, in bytes of its UTF-8, always on character boundaries.
///
/// Serialises as `[start, end]`.
///
/// ```
/// use ruthan::Span;
///
/// let span = Span::new(3, 9);
/// assert_eq!(&"ก็ได้"[span.range()], "็ไ");
/// assert_eq!(span.len(), 6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct Span {
    /// Where it starts, in bytes.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
}

impl Span {
    /// Makes the span of the bytes `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The span as a range, to slice the text with.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Its length in bytes.
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl From<(u32, u32)> for Span {
    fn from((start, end): (u32, u32)) -> Self {
        Self { start, end }
    }
}

impl From<Span> for (u32, u32) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}
