//! Joins letters that were spaced apart, and tidies spaces and repeats.

use ruthan_data::Tables;

use super::lookalike::latin_of;
use super::thai_chars::{
    is_consonant, is_following_vowel, is_leading_vowel, is_letter_or_mark, is_mark,
};
use super::work::{Piece, Work, span_of};
use super::{Change, ChangeKind};

/// A Latin word spaced apart has at least this many letters: three are an abbreviation (`U S A`).
const LATIN_LETTERS: usize = 4;
/// A Thai word spaced apart has at least this many syllable parts.
const THAI_PARTS: usize = 4;
/// More of the same character in a row says no more than this many.
const REPEATS: usize = 3;

/// The length of the syllable part at `i`: a consonant, or what poses as one, with its marks, its leading and its
/// following vowel; or a vowel that was spaced off its consonant.
fn thai_part(pieces: &[Piece], i: usize) -> usize {
    let at = |j: usize| pieces.get(j).map(|piece| piece.ch);
    let poses = |ch: char| {
        ch.is_ascii_alphabetic()
            && Tables::embedded()
                .posing_as(ch)
                .is_some_and(|letters| letters.chars().any(is_consonant))
    };
    let mut j = i;
    if at(j).is_some_and(is_leading_vowel) {
        j += 1;
    }
    if at(j).is_some_and(|ch| is_consonant(ch) || poses(ch)) {
        j += 1;
    } else if j > i {
        return 1;
    }
    while at(j).is_some_and(is_mark) {
        j += 1;
    }
    if at(j).is_some_and(is_following_vowel) {
        j += 1;
    }
    j - i
}

/// The length of the letter at `i`, if one stands there.
fn latin_part(pieces: &[Piece], i: usize) -> usize {
    let letter = |ch: char| ch.is_ascii_alphabetic() || latin_of(ch).is_some();
    usize::from(pieces.get(i).is_some_and(|piece| letter(piece.ch)))
}

/// A number spaced apart has at least this many digits.
const DIGITS: usize = 5;

/// Joins the digits of a number spaced apart: `1 8 0 , 0 0 0`.
pub(super) fn join_spaced_digits(work: &mut Work) {
    if !work.pieces.windows(3).any(|w| {
        w[0].ch.is_ascii_digit() && w[1].ch == ' ' && (w[2].ch.is_ascii_digit() || w[2].ch == ',')
    }) {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let part = |ch: char| ch.is_ascii_digit() || matches!(ch, ',' | '.' | '-');
        let starts = pieces[i].ch.is_ascii_digit()
            && !i.checked_sub(1).is_some_and(|b| pieces[b].ch.is_ascii_alphanumeric());
        // Every second piece is a digit or a sign, those between are spaces.
        let mut end = i + 1;
        while starts
            && pieces.get(end).is_some_and(|p| p.ch == ' ')
            && pieces.get(end + 1).is_some_and(|p| part(p.ch))
            && !pieces.get(end + 2).is_some_and(|p| p.ch.is_ascii_alphanumeric())
        {
            end += 2;
        }
        while end > i + 1 && !pieces[end - 1].ch.is_ascii_digit() {
            end -= 2;
        }
        let digits =
            || pieces[i..end].iter().filter(|p| p.ch.is_ascii_digit()).map(|p| p.ch as u32);
        // One to nine in a row is someone counting.
        let counting = digits().zip(digits().skip(1)).all(|(a, b)| a + 1 == b);
        if digits().count() < DIGITS || counting {
            out.push(pieces[i]);
            return 1;
        }
        out.extend(pieces[i..end].iter().filter(|p| p.ch != ' '));
        changes.push(Change { kind: ChangeKind::SpacedOut, span: span_of(&pieces[i..end]) });
        end - i
    });
}

/// What stands between letters that are spaced apart.
const fn is_separator(ch: char) -> bool {
    matches!(ch, ' ' | '.' | '-' | '_' | '*' | '·')
}

/// Whether separators stand so close together that letters may be spaced apart: a glance that spares most texts the rest.
fn may_be_spaced(work: &Work) -> bool {
    // Between separators stand one Latin letter, or one Thai letter with its vowels and marks.
    let (widest, least) = if work.any(is_letter_or_mark) { (6, 2) } else { (2, 1) };
    let (mut before, mut separator, mut close) = (0, '\0', 0);
    work.pieces.iter().enumerate().filter(|(_, piece)| is_separator(piece.ch)).any(|(at, piece)| {
        close = if piece.ch == separator && at - before <= widest { close + 1 } else { 0 };
        (before, separator) = (at, piece.ch);
        close >= least
    })
}

/// Joins `f r e e`, `f.r.e.e` and `ส ล็ อ ต`.
pub(super) fn join_spaced_letters(work: &mut Work) {
    if !may_be_spaced(work) {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let first = pieces[i].ch;
        let thai = is_letter_or_mark(first);
        if !(thai || first.is_ascii_alphabetic()) {
            out.push(pieces[i]);
            return 1;
        }
        let is_letter = |piece: Option<&Piece>| {
            piece.is_some_and(|p| p.ch.is_ascii_alphanumeric() || (thai && is_letter_or_mark(p.ch)))
        };
        if is_letter(i.checked_sub(1).map(|b| &pieces[b])) {
            out.push(pieces[i]);
            return 1;
        }
        let part = if thai { thai_part } else { latin_part };
        let (mut parts, mut end, mut separator) = (0, i, None);
        loop {
            let length = part(pieces, end);
            if length == 0 || is_letter(pieces.get(end + length)) {
                break;
            }
            parts += 1;
            end += length;
            let Some(next) = pieces.get(end).map(|piece| piece.ch) else { break };
            let continues = is_separator(next)
                && separator.is_none_or(|s| s == next)
                && part(pieces, end + 1) > 0;
            if !continues {
                break;
            }
            separator = Some(next);
            end += 1;
        }
        // Where a longer word follows the last separator, the word spaced apart ended before it.
        if separator == pieces.get(end.wrapping_sub(1)).map(|p| p.ch) && parts > 0 {
            end -= 1;
        }
        let letters = || pieces[i..end].iter().map(|p| p.ch).filter(|&ch| Some(ch) != separator);
        // Capitals with full stops are an abbreviation (`N.A.T.O.`), and one letter again and again is a mood (`x x x`).
        let abbreviation = separator == Some('.') && letters().all(|ch| ch.is_ascii_uppercase());
        let mood = letters().all(|ch| ch == first);
        // Three letters are an abbreviation, unless they are a word that is known.
        let few = parts < (if thai { THAI_PARTS } else { LATIN_LETTERS })
            && !(parts == LATIN_LETTERS - 1 && !thai && super::disguise::is_known(letters()));
        if few {
            out.push(pieces[i]);
            return 1;
        }
        if mood || (abbreviation && !super::disguise::is_known(letters())) {
            // Whole, so that a long one is not read again from each of its letters.
            out.extend_from_slice(&pieces[i..end]);
            return end - i;
        }
        out.extend(pieces[i..end].iter().filter(|piece| Some(piece.ch) != separator));
        changes.push(Change { kind: ChangeKind::SpacedOut, span: span_of(&pieces[i..end]) });
        end - i
    });
}

/// Makes every run of spaces one space and every run of line breaks one line break; drops them at the ends.
pub(super) fn collapse_spaces(work: &mut Work) {
    let odd = |ch: char| ch.is_whitespace() && ch != ' ' && ch != '\n';
    let untidy = work.any(odd)
        || work.pieces.windows(2).any(|w| w[0].ch.is_whitespace() && w[1].ch.is_whitespace())
        || [work.pieces.first(), work.pieces.last()].iter().flatten().any(|p| p.ch.is_whitespace());
    if !untidy {
        return;
    }
    work.rewrite(|pieces, i, out, _| {
        let piece = pieces[i];
        if !piece.ch.is_whitespace() {
            out.push(piece);
            return 1;
        }
        let end = i + pieces[i..].iter().take_while(|p| p.ch.is_whitespace()).count();
        if !out.is_empty() && end < pieces.len() {
            let line = pieces[i..end]
                .iter()
                .any(|p| matches!(p.ch, '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}'));
            out.push(Piece { ch: if line { '\n' } else { ' ' }, span: span_of(&pieces[i..end]) });
        }
        end - i
    });
}

/// Cuts runs of one character short. Digits are left alone: `1000000` is an amount.
pub(super) fn collapse_repeats(work: &mut Work) {
    let long = work
        .pieces
        .windows(REPEATS + 1)
        .any(|w| !w[0].ch.is_ascii_digit() && w.iter().all(|p| p.ch == w[0].ch));
    if !long {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let length = pieces[i..].iter().take_while(|p| p.ch == pieces[i].ch).count();
        let kept = if pieces[i].ch.is_ascii_digit() { length } else { length.min(REPEATS) };
        out.extend_from_slice(&pieces[i..i + kept]);
        if kept < length {
            changes
                .push(Change { kind: ChangeKind::Repeat, span: span_of(&pieces[i..i + length]) });
        }
        length
    });
}
