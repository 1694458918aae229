//! Repairs of Thai spelling that change how a text is stored, not how it reads.
//!
//! The rules are those of Thai orthography: one base consonant, vowel marks, then a tone mark. What is typed or
//! generated out of order looks the same on screen but is another string.

use super::thai_chars::{
    is_following_vowel, is_leading_vowel, is_letter_or_mark, is_mark, is_tone, is_top_mark,
    is_vowel_mark,
};
use super::work::{Piece, Work};
use super::{Change, ChangeKind, Span};

const NIKHAHIT: char = '\u{0E4D}';
const SARA_AA: char = '\u{0E32}';
const SARA_AM: char = '\u{0E33}';
const LAKKHANGYAO: char = '\u{0E45}';

/// Turns Thai digits into ASCII digits.
pub(super) fn fold_digits(work: &mut Work) {
    for piece in &mut work.pieces {
        if let '๐'..='๙' = piece.ch {
            piece.ch = char::from_digit(piece.ch as u32 - '๐' as u32, 10).unwrap_or(piece.ch);
            work.changes.push(Change { kind: ChangeKind::Thai, span: piece.span });
        }
    }
}

/// Puts Thai into its standard form: `เเ` → `แ`, `◌ํา` → `◌ำ`, `ๅ` → `า`, marks in order, none twice, none without a base.
pub(super) fn repair(work: &mut Work) {
    if !work.any(is_letter_or_mark) {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let mut piece = pieces[i];
        let ch = piece.ch;
        if !is_letter_or_mark(ch) {
            out.push(piece);
            return 1;
        }
        let mut changed = |span| changes.push(Change { kind: ChangeKind::Thai, span });
        if is_mark(ch) {
            if !push_mark(piece, out) {
                changed(piece.span);
            }
        } else if is_following_vowel(ch) {
            piece.ch = standard_following_vowel(ch, out);
            if piece.ch != ch {
                changed(piece.span);
            }
            push_following_vowel(piece, out, changed);
        } else if is_leading_vowel(ch) && out.last().is_some_and(|last| last.ch == ch) {
            let last = out.len() - 1;
            out[last].span.end = piece.span.end;
            if ch == 'เ' {
                out[last].ch = 'แ';
            }
            changed(out[last].span);
        } else {
            out.push(piece);
        }
        1
    });
}

/// Puts the mark where it belongs in the syllable at the end of `out`; returns whether that was simply the end.
fn push_mark(mark: Piece, out: &mut Vec<Piece>) -> bool {
    // A mark needs a base. Spaces before it were put there to break the word.
    let base = out.iter().rposition(|piece| piece.ch != ' ');
    if let Some(base) = base.filter(|&b| b + 1 < out.len() && is_letter_or_mark(out[b].ch)) {
        out.truncate(base + 1);
        push_mark(mark, out);
        return false;
    }
    let no_base = |ch: char| ch.is_whitespace() || ch.is_ascii_alphanumeric();
    let Some(last) = out.last_mut().filter(|last| !no_base(last.ch)) else { return false };
    // The same mark twice, or a second tone mark: the last one stands, for it is the one that is drawn on top.
    if last.ch == mark.ch || (is_tone(last.ch) && is_tone(mark.ch)) {
        last.ch = mark.ch;
        last.span.end = mark.span.end;
        return false;
    }
    let after_top = is_vowel_mark(mark.ch) && is_top_mark(last.ch);
    let after_vowel = is_top_mark(mark.ch) && is_following_vowel(last.ch);
    if after_top || after_vowel {
        let at = out.len() - 1;
        // `ก่า` with the tone typed last; if a tone already stands there, the new one takes its place.
        let before = at.checked_sub(1).map(|b| &mut out[b]);
        match before {
            Some(before) if before.ch == mark.ch || (is_tone(before.ch) && is_tone(mark.ch)) => {
                before.ch = mark.ch;
            }
            _ => swap_in(mark, at, out),
        }
        return false;
    }
    out.push(mark);
    true
}

/// Inserts `piece` before `at`. Both keep one joint span, so that spans stay in order.
fn swap_in(piece: Piece, at: usize, out: &mut Vec<Piece>) {
    let span = Span::new(out[at].span.start, piece.span.end);
    out[at].span = span;
    out.insert(at, Piece { span, ..piece });
}

/// The vowel that is meant: `ๅ` is right only after `ฤ` and `ฦ`.
fn standard_following_vowel(ch: char, out: &[Piece]) -> char {
    match ch {
        LAKKHANGYAO if !out.last().is_some_and(|last| matches!(last.ch, 'ฤ' | 'ฦ')) => SARA_AA,
        other => other,
    }
}

/// Appends a vowel that stands after its consonant, joined with the `ํ` before it and with its own repeats.
fn push_following_vowel(mut vowel: Piece, out: &mut Vec<Piece>, mut changed: impl FnMut(Span)) {
    // No Thai word starts with such a vowel, so a space before it is not a word's end.
    if let Some(base) = out.iter().rposition(|piece| piece.ch != ' ')
        && base + 1 < out.len()
        && is_letter_or_mark(out[base].ch)
    {
        out.truncate(base + 1);
        changed(vowel.span);
    }
    if vowel.ch == SARA_AA {
        let tones = out.iter().rev().take_while(|piece| is_tone(piece.ch)).count();
        if let Some(at) = out.len().checked_sub(tones + 1)
            && out[at].ch == NIKHAHIT
        {
            let start = out[at].span.start;
            out.remove(at);
            for tone in &mut out[at..] {
                tone.span = Span::new(start, vowel.span.end);
            }
            vowel = Piece { ch: SARA_AM, span: Span::new(start, vowel.span.end) };
            changed(vowel.span);
        }
    }
    match out.last_mut() {
        Some(last) if last.ch == vowel.ch => {
            last.span.end = vowel.span.end;
            changed(vowel.span);
        }
        _ => out.push(vowel),
    }
}
