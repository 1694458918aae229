//! The form in which text is worked on: characters that know where they came from.

use super::{Change, Span};

/// One character of the text in the making, and the bytes of the input that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) ch: char,
    pub(crate) span: Span,
}

/// A text on its way through the steps.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub(crate) pieces: Vec<Piece>,
    /// The output of a step that rewrites the whole text; swapped with `pieces` when it is done.
    scratch: Vec<Piece>,
    pub(crate) changes: Vec<Change>,
}

impl Work {
    /// The characters of `text`, which stands at byte `at` of the input.
    // The caller has checked that the input is no longer than `u32::MAX`.
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) fn new(text: &str, at: usize) -> Self {
        let mut pieces = Vec::with_capacity(text.len());
        let mut start = at as u32;
        for ch in text.chars() {
            let end = start + ch.len_utf8() as u32;
            pieces.push(Piece { ch, span: Span::new(start, end) });
            start = end;
        }
        Self { pieces, scratch: Vec::new(), changes: Vec::new() }
    }

    /// Rewrites the text piece by piece: `step` reads from the first slice at the index and pushes to the second,
    /// and returns how many pieces it took (at least one).
    pub(crate) fn rewrite(
        &mut self,
        mut step: impl FnMut(&[Piece], usize, &mut Vec<Piece>, &mut Vec<Change>) -> usize,
    ) {
        let mut out = std::mem::take(&mut self.scratch);
        out.clear();
        let mut i = 0;
        while i < self.pieces.len() {
            i += step(&self.pieces, i, &mut out, &mut self.changes).max(1);
        }
        self.scratch = std::mem::replace(&mut self.pieces, out);
    }

    /// Whether any character satisfies `test`.
    pub(crate) fn any(&self, test: impl Fn(char) -> bool) -> bool {
        self.pieces.iter().any(|piece| test(piece.ch))
    }

    /// Whether the pieces from `i` on spell `word`, which is lower-case ASCII or Thai; Latin case is ignored.
    pub(crate) fn spells(pieces: &[Piece], i: usize, word: &str) -> bool {
        let mut rest = pieces[i..].iter();
        word.chars().all(|ch| rest.next().is_some_and(|piece| piece.ch.to_ascii_lowercase() == ch))
    }
}

/// The span from the first of `pieces` to its last.
pub(crate) fn span_of(pieces: &[Piece]) -> Span {
    match (pieces.first(), pieces.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => Span::new(0, 0),
    }
}
