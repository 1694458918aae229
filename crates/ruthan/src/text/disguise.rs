//! Puts back the words that senders disguise: a known word in which some letters were replaced by characters that are
//! drawn like them (`โUนัa` for โบนัส, `B0nu$` for Bonus).
//!
//! What a poser stands for depends on the word: `u` is บ in รับ and น in คืน. So words of `data/disguised.txt` are
//! looked for, letter by letter, where each letter may be itself or one of its posers in `data/posers.txt`.

use std::sync::LazyLock;

use ruthan_data::Tables;

use super::thai_chars::is_letter_or_mark;
use super::work::{Piece, Work, span_of};
use super::{Change, ChangeKind};

/// No word is longer, in letters.
const LONGEST: usize = 24;

/// A node of the tree of words: a letter, and the letters that may follow.
#[derive(Debug, Default)]
struct Node {
    ch: char,
    children: Vec<u32>,
    /// What the word that ends here means.
    meant: Option<Box<str>>,
}

/// The words, as a tree by letter. The root is the first node.
static WORDS: LazyLock<Vec<Node>> = LazyLock::new(|| {
    let mut nodes = vec![Node::default()];
    for (written, meant) in Tables::embedded().disguised_words() {
        let mut at = 0;
        for ch in written.chars() {
            let child = nodes[at].children.iter().find(|&&c| nodes[c as usize].ch == ch);
            at = if let Some(&child) = child {
                child as usize
            } else {
                let new = nodes.len();
                // A few hundred short words.
                #[allow(clippy::cast_possible_truncation)]
                nodes[at].children.push(new as u32);
                nodes.push(Node { ch, ..Node::default() });
                new
            };
        }
        nodes[at].meant = Some(meant.into());
    }
    nodes
});

/// A word found in disguise: how many pieces each of its letters takes, and how many letters were posers.
#[derive(Clone, Copy, Debug)]
struct Found {
    widths: [u8; LONGEST],
    letters: usize,
    pieces: usize,
    posers: usize,
    meant: &'static str,
}

/// The letters that each ASCII character may stand for.
static ASCII_POSERS: LazyLock<[&str; 128]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        // Below 128.
        #[allow(clippy::cast_possible_truncation)]
        let ch = char::from(i as u8);
        Tables::embedded().posing_as(ch).unwrap_or("")
    })
});

/// The letters that `ch` may stand for.
fn posing_as(ch: char) -> &'static str {
    match ASCII_POSERS.get(ch as usize) {
        Some(letters) => letters,
        None if ch == MAI_TRI => Tables::embedded().posing_as(ch).unwrap_or(""),
        None => "",
    }
}

/// The only mark that poses as another, of those in `posers.txt`.
const MAI_TRI: char = '\u{0E4A}';

/// A search for words from one place on.
struct Search<'p, F> {
    pieces: &'p [Piece],
    accept: F,
    widths: [u8; LONGEST],
    best: Option<Found>,
}

impl<F: Fn(&Found) -> bool> Search<'_, F> {
    /// Goes on from `node`, `letters` deep, with the pieces before `at` taken. Depth is bounded by the longest word.
    fn descend(&mut self, node: u32, letters: usize, at: usize, posers: usize) {
        let node = &WORDS[node as usize];
        if let Some(meant) = node.meant.as_deref()
            && posers > 0
        {
            let found = Found { widths: self.widths, letters, pieces: at, posers, meant };
            let better = self.best.is_none_or(|b| (at, b.posers) > (b.pieces, posers));
            if better && (self.accept)(&found) {
                self.best = Some(found);
            }
        }
        let Some(next) = self.pieces.get(at).map(|piece| piece.ch) else { return };
        if letters == LONGEST {
            return;
        }
        for &child in &node.children {
            let letter = WORDS[child as usize].ch;
            let same = next == letter || next.to_ascii_lowercase() == letter;
            if same || posing_as(next).contains(letter) {
                self.widths[letters] = 1;
                self.descend(child, letters + 1, at + 1, posers + usize::from(!same));
            }
            if letter == 'แ' && two_strokes(&self.pieces[at..]) {
                self.widths[letters] = 2;
                self.descend(child, letters + 1, at + 2, posers + 1);
            }
        }
    }
}

/// Searches for the longest word, of those as long the one with the fewest posers, that `accept` takes.
fn search(pieces: &[Piece], accept: impl Fn(&Found) -> bool) -> Option<Found> {
    let mut search = Search { pieces, accept, widths: [0; LONGEST], best: None };
    search.descend(0, 0, 0, 0);
    search.best
}

/// Whether two strokes that together look like แ come first: `ll`, `II`.
fn two_strokes(pieces: &[Piece]) -> bool {
    matches!(pieces, [a, b, ..] if a.ch == b.ch && matches!(a.ch, 'l' | 'I' | 'i'))
}

/// Whether `word`, letter case ignored, is one that senders disguise.
pub(super) fn is_known(word: impl Iterator<Item = char>) -> bool {
    let mut node = &WORDS[0];
    for ch in word {
        let letter = ch.to_ascii_lowercase();
        match node.children.iter().find(|&&c| WORDS[c as usize].ch == letter) {
            Some(&child) => node = &WORDS[child as usize],
            None => return false,
        }
    }
    node.meant.is_some()
}

/// Puts Thai words back in which other characters pose as letters.
pub(super) fn unfold_thai_words(work: &mut Work) {
    let poser =
        |ch: char| (ch.is_ascii_alphanumeric() || ch == MAI_TRI) && !posing_as(ch).is_empty();
    if !(work.any(poser) && work.any(is_letter_or_mark)) {
        return;
    }
    // The end of the run of Thai letters and posers that is being read, and whether it holds both.
    let (mut end, mut mixed) = (0, false);
    work.rewrite(|pieces, i, out, changes| {
        let piece = pieces[i];
        if i >= end {
            let run = pieces[i..].iter().take_while(|p| is_letter_or_mark(p.ch) || poser(p.ch));
            let (mut posers, mut thai) = (0, 0);
            end = i;
            for p in run {
                end += 1;
                posers += usize::from(poser(p.ch));
                thai += usize::from(is_letter_or_mark(p.ch));
            }
            mixed = posers > 0 && thai > 0;
        }
        if i >= end {
            out.push(piece);
            return 1;
        }
        if !mixed {
            out.extend_from_slice(&pieces[i..end]);
            return end - i;
        }
        let before = i.checked_sub(1).map(|b| pieces[b].ch);
        let found = search(&pieces[i..end], |found| {
            is_thai_word(&pieces[i..i + found.pieces], before, &pieces[i + found.pieces..])
        });
        let Some(found) = found else {
            out.push(piece);
            return 1;
        };
        replace(&pieces[i..], &found, out, changes, ChangeKind::Lookalike);
        found.pieces
    });
}

/// Whether `word` may be a Thai word with posers, not Thai beside an English word or a number.
fn is_thai_word(word: &[Piece], before: Option<char>, after: &[Piece]) -> bool {
    let thai = word.iter().filter(|p| is_letter_or_mark(p.ch)).count();
    let others = word.len() - thai;
    let ascii = |ch: char| ch.is_ascii_alphanumeric();
    let part = |ch: char| ascii(ch) || is_letter_or_mark(ch);
    // Standing alone, a word may have lost all but one of its own letters (`uาN`).
    let alone = !before.is_some_and(part) && !after.first().is_some_and(|p| part(p.ch));
    if thai < others && !(alone && thai * 2 >= others) || (thai < 2 && !alone) {
        return false;
    }
    if word.first().is_some_and(|p| ascii(p.ch)) && before.is_some_and(ascii) {
        return false;
    }
    // `ฝาn2o`: behind the word a number may follow, but not the rest of an English word.
    let mut rest = after.iter().take(LONGEST).take_while(|p| ascii(p.ch));
    !word.last().is_some_and(|p| ascii(p.ch))
        || rest.all(|p| p.ch.is_ascii_digit() || matches!(p.ch, 'o' | 'O' | 'l' | 'I'))
}

/// Puts English words back in which digits and signs pose as letters (`B0nu$`, `p@ssword`).
///
/// Only a whole token counts, so that codes, addresses and amounts stay.
pub(super) fn unfold_english_words(work: &mut Work) {
    let sign = |ch: char| matches!(ch, '$' | '@' | '!' | '+' | '|');
    // A glance that spares most texts the rest: a poser stands beside a letter.
    let poser = |ch: char| ch.is_ascii_digit() || sign(ch);
    let near = work.pieces.windows(2).any(|w| {
        let letter = |i: usize| w[i].ch.is_ascii_alphabetic();
        (letter(0) && poser(w[1].ch) && w[1].ch != '!') || (poser(w[0].ch) && letter(1))
    });
    if !near {
        return;
    }
    let part = |ch: char| ch.is_ascii_alphanumeric() || sign(ch);
    let in_address = |ch: char| matches!(ch, '/' | '-' | '_' | '=' | '#' | '?' | '&' | '%');
    work.rewrite(|pieces, i, out, changes| {
        let piece = pieces[i];
        if !part(piece.ch) {
            out.push(piece);
            return 1;
        }
        let run = pieces[i..].iter().take_while(|p| part(p.ch)).count();
        // Exclamation marks at the end end a sentence.
        let marks = pieces[i..i + run].iter().rev().take_while(|p| p.ch == '!').count();
        let end = i + run - marks;
        let token = &pieces[i..end];
        let letters = token.iter().filter(|p| p.ch.is_ascii_alphabetic()).count();
        let dotted = |at: usize| {
            pieces.get(at).is_some_and(|p| p.ch == '.')
                && pieces.get(at + 1).is_some_and(|p| p.ch.is_ascii_alphanumeric())
        };
        let bound =
            !i.checked_sub(1).is_some_and(|b| in_address(pieces[b].ch) || pieces[b].ch == '.')
                && !pieces.get(end).is_some_and(|p| in_address(p.ch))
                && !dotted(end);
        let found = (bound && letters < token.len() && letters * 2 >= token.len())
            .then(|| search(token, |found| found.pieces == token.len()))
            .flatten();
        match found {
            Some(found) => replace(token, &found, out, changes, ChangeKind::DigitForLetter),
            None => out.extend_from_slice(token),
        }
        out.extend_from_slice(&pieces[end..i + run]);
        run
    });
}

/// Writes what a word means in place of its pieces; letters in capitals stay so.
fn replace(
    pieces: &[Piece],
    found: &Found,
    out: &mut Vec<Piece>,
    changes: &mut Vec<Change>,
    kind: ChangeKind,
) {
    let mut at = 0;
    let word = &pieces[..found.pieces];
    let capitals = word.iter().all(|p| !p.ch.is_ascii_lowercase());
    for (letter, &width) in found.meant.chars().zip(&found.widths[..found.letters]) {
        let width = usize::from(width);
        let span = span_of(&pieces[at..at + width]);
        let given = pieces[at].ch;
        let same = width == 1 && given.to_ascii_lowercase() == letter;
        let put = if capitals { letter.to_ascii_uppercase() } else { letter };
        out.push(Piece { ch: if same { given } else { put }, span });
        if !same {
            changes.push(Change { kind, span });
        }
        at += width;
    }
}
