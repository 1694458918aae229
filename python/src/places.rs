//! Places in a text as Python counts them: in code points, where Rust counts bytes.

use ruthan::Span;

/// So many bytes lie between two counts that are kept: a look-up reads at most this many.
const STEP: usize = 256;

/// The map from the bytes of a text to its code points.
pub(crate) struct Places<'t> {
    text: &'t [u8],
    /// The number of code points that begin before each multiple of `STEP`; empty where bytes and code points agree.
    counts: Vec<usize>,
}

impl<'t> Places<'t> {
    /// Reads a text once. Linear in its length; nothing to do where it is ASCII.
    pub(crate) fn new(text: &'t str) -> Self {
        let mut counts = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for step in text.as_bytes().chunks(STEP) {
                counts.push(count);
                count += begins(step);
            }
            counts.push(count);
        }
        Self { text: text.as_bytes(), counts }
    }

    /// The span in code points, as `text[start:end]` takes it.
    pub(crate) fn span(&self, span: Span) -> (usize, usize) {
        (self.place(span.start as usize), self.place(span.end as usize))
    }

    fn place(&self, byte: usize) -> usize {
        match self.counts.get(byte / STEP) {
            Some(count) => count + begins(&self.text[byte / STEP * STEP..byte]),
            None => byte,
        }
    }
}

/// How many code points begin in `bytes`: all bytes of UTF-8 but those of the form `10xxxxxx` begin one.
fn begins(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000).count()
}
