//! What the network reads: the model text, and the n-grams of it, hashed into slots.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::vocabulary::Vocabulary;
use crate::evidence::EvidenceKind;
use crate::links::JudgedLink;
use crate::text::thai_chars::{is_alphabetic, is_alphanumeric, is_mark};
use crate::text::{Normalized, Piece};

/// The first placeholder: placeholders are private-use characters, which the normaliser takes out of every message,
/// so no sender can forge one.
const PLACEHOLDERS: u32 = 0xE000;
/// Stands before the first and after the last character of a text.
const EDGE: char = ' ';

/// How a text becomes features. Part of a model's manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureConfig {
    /// How many slots n-grams are hashed into; a power of two. `vocabulary.bin` says which of them have a row in the
    /// network's table.
    pub slots: u32,
    /// How many rows the network's table has.
    pub rows: u32,
    /// The longest n-gram of characters; all from 1 on are taken.
    pub characters: usize,
    /// The longest n-gram of words; all from 1 on are taken. A stretch of Thai between spaces is one word.
    pub words: usize,
    /// How many characters the network reads at once. Longer texts are read in windows.
    pub window: usize,
    /// How many characters two windows share.
    pub overlap: usize,
}

impl FeatureConfig {
    /// What is wrong with the settings, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let problem = |text: &str| Some(text.to_owned());
        if !self.slots.is_power_of_two() || !(1 << 8..=1 << 24).contains(&self.slots) {
            problem("`features.slots` must be a power of two from 2^8 to 2^24")
        } else if !(1..=self.slots).contains(&self.rows) {
            problem("`features.rows` must be 1 to `features.slots`")
        } else if !(1..=8).contains(&self.characters) || self.words > 4 {
            problem("`features.characters` must be 1 to 8 and `features.words` 0 to 4")
        } else if !(64..=4096).contains(&self.window) || self.overlap * 2 > self.window {
            problem(
                "`features.window` must be 64 to 4096 and `features.overlap` at most half of it",
            )
        } else {
            None
        }
    }
}

/// The placeholder for a kind of link evidence.
fn placeholder(kind: EvidenceKind) -> char {
    char::from_u32(PLACEHOLDERS + kind as u32).unwrap_or('\u{E0FF}')
}

/// Stands for a character that is not to be read; the normaliser takes it out of every message, as the placeholders.
pub(crate) const HIDDEN: char = '\u{F8FF}';

/// Remembers from which piece of the normalised text each character of the model text comes; `()` does not care.
pub(crate) trait Places {
    /// A character was appended, from this piece.
    fn push(&mut self, piece: usize);
    /// The last character was taken away.
    fn pop(&mut self);
}

impl Places for () {
    fn push(&mut self, _: usize) {}
    fn pop(&mut self) {}
}

impl Places for Vec<usize> {
    fn push(&mut self, piece: usize) {
        self.push(piece);
    }
    fn pop(&mut self) {
        self.pop();
    }
}

/// Builds the model text: lower case, every digit `0`, every link replaced by placeholders of what was found about it.
///
/// Raw hosts would only teach the model last year's domains. A link's placeholders come from its first piece.
pub(crate) fn model_text(
    normalized: &Normalized,
    links: &[JudgedLink],
    places: &mut impl Places,
) -> Vec<char> {
    let pieces = normalized.pieces();
    let mut text = Builder { out: Vec::with_capacity(pieces.len() + 8), places };
    let mut next = 0;
    for link in links {
        let start = normalized.piece_at(link.found.range.start);
        let end = normalized.piece_at(link.found.range.end - 1) + 1;
        text.push_text(&pieces[next..start], next);
        // Spaces around it make it a word of its own for the n-grams of words.
        text.push(EDGE, start);
        for &kind in &link.judgement.evidence {
            text.push(placeholder(kind), start);
        }
        text.push(EDGE, start);
        next = end;
    }
    text.push_text(&pieces[next..], next);
    text.out
}

/// A letter so often in a row, which is as often as the normaliser leaves it, is drawn out (`มากกก`, `freeee`) and says no
/// more than once.
const DRAWN_OUT: usize = 3;

/// A model text in the making.
struct Builder<'p, P> {
    out: Vec<char>,
    places: &'p mut P,
}

impl<P: Places> Builder<'_, P> {
    /// Appends pieces, of which the first is number `first`.
    fn push_text(&mut self, pieces: &[Piece], first: usize) {
        for (piece, &Piece { ch, .. }) in (first..).zip(pieces) {
            let letter = is_alphabetic(ch).then(|| ch.to_ascii_lowercase());
            if let Some(letter) = letter
                && self.out.ends_with(&[letter; DRAWN_OUT - 1])
            {
                // The third in a row takes the second away with it.
                self.out.pop();
                self.places.pop();
                continue;
            }
            match ch {
                '0'..='9' => self.push('0', piece),
                _ if ch.is_ascii() => {
                    self.push(
                        if ch.is_whitespace() { EDGE } else { ch.to_ascii_lowercase() },
                        piece,
                    );
                }
                // How an emoji is joined says nothing.
                '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' => {}
                // Thai has no case, and a lower-case form of several characters is its first here.
                _ => self.push(ch.to_lowercase().next().unwrap_or(ch), piece),
            }
        }
    }

    /// Appends a character, but no second space.
    fn push(&mut self, ch: char, piece: usize) {
        if !(ch == EDGE && self.out.last().is_none_or(|&last| last == EDGE)) {
            self.out.push(ch);
            self.places.push(piece);
        }
    }
}

/// The model text for people: placeholders by name.
pub(crate) fn show(text: &[char]) -> String {
    let mut shown = String::with_capacity(text.len() * 3);
    for &ch in text {
        match (ch as u32).checked_sub(PLACEHOLDERS).and_then(|i| EvidenceKind::ALL.get(i as usize))
        {
            Some(kind) => {
                shown.push('⟨');
                shown.push_str(kind.as_str());
                shown.push('⟩');
            }
            None => shown.push(ch),
        }
    }
    shown
}

/// The features of one window: the rows of the network's table that its n-grams have, each with its weight.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Rows (in training: slots) in the order in which they first occur, none twice.
    pub rows: Vec<i32>,
    /// `1 + ln(count)` of each.
    pub values: Vec<f32>,
}

/// Mixes one more symbol into a hash (FNV-1a with a wider prime step, so that short n-grams spread).
const fn mix(hash: u64, symbol: u32) -> u64 {
    (hash ^ symbol as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

/// The slot of a hash: its top bits after a last mixing.
#[allow(clippy::cast_possible_truncation)]
const fn slot(hash: u64, slots: u32) -> u32 {
    (hash.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32) as u32 & (slots - 1)
}

const CHARACTERS: u64 = 0x5275_7468_616E;
const WORDS: u64 = 0x0057_6F72_6473;

/// Computes the features of a window of model text; without a vocabulary every slot is a row. Linear in its length.
/// N-grams of characters that touch a [`HIDDEN`] one, and words with one, are left out.
pub(crate) fn features(
    text: &[char],
    config: &FeatureConfig,
    vocabulary: Option<&Vocabulary>,
) -> Features {
    let mut rows = Vec::with_capacity(text.len() * (config.characters + 1));
    let mut push = |hash: u64| {
        let slot = slot(hash, config.slots);
        rows.extend(vocabulary.map_or(Some(slot), |known| known.row(slot)));
    };
    let at = |i: usize| if i == 0 || i > text.len() { EDGE } else { text[i - 1] };
    for start in 0..text.len() + 2 {
        let mut hash = CHARACTERS;
        for i in start..(start + config.characters).min(text.len() + 2) {
            let ch = at(i);
            if ch == HIDDEN {
                break;
            }
            hash = mix(hash, ch as u32);
            push(hash);
        }
    }
    let mut recent: Vec<u64> = Vec::with_capacity(config.words);
    for word in text
        .split(|&ch| !(is_alphanumeric(ch) || is_part_of_word(ch)))
        .filter(|word| !word.is_empty())
    {
        if config.words == 0 {
            break;
        }
        if word.contains(&HIDDEN) {
            recent.clear();
            continue;
        }
        let hash = word.iter().fold(WORDS, |hash, &ch| mix(hash, ch as u32));
        if recent.len() == config.words {
            recent.remove(0);
        }
        recent.push(hash);
        let mut joint = 0;
        for &word in recent.iter().rev() {
            joint = mix(joint ^ word, 1);
            push(joint);
        }
    }
    count(&rows)
}

/// Thai marks and placeholders belong to words, though they are no letters.
fn is_part_of_word(ch: char) -> bool {
    is_mark(ch) || ('\u{E000}'..='\u{E0FF}').contains(&ch) || matches!(ch, '\'' | HIDDEN)
}

/// Counts equal rows, with a table of twice their number that finds where each was seen: cheaper than to sort them.
fn count(rows: &[u32]) -> Features {
    // A power of two, and at least two, so that the shift below is one.
    let bits = (rows.len() * 2).max(2).next_power_of_two().ilog2();
    // Of each row that fell here: its place among the features, and one.
    let mut seen = vec![0_usize; 1 << bits];
    let mut features =
        Features { rows: Vec::with_capacity(rows.len()), values: Vec::with_capacity(rows.len()) };
    for &row in rows {
        // There are no more rows than slots, which are at most 2^24.
        let signed = row.cast_signed();
        // Fibonacci hashing (Knuth, volume 3, 6.4); what falls on a taken place goes to the next.
        let mut at = (row.wrapping_mul(0x9E37_79B9) >> (32 - bits)) as usize;
        loop {
            match seen[at].checked_sub(1) {
                None => {
                    features.rows.push(signed);
                    features.values.push(1.0);
                    seen[at] = features.rows.len();
                    break;
                }
                Some(place) if features.rows[place] == signed => {
                    features.values[place] += 1.0;
                    break;
                }
                Some(_) => at = (at + 1) % seen.len(),
            }
        }
    }
    // Most occur once, of which the logarithm is known.
    for value in features.values.iter_mut().filter(|value| **value > 1.0) {
        *value = 1.0 + value.ln();
    }
    features
}

/// Cuts a model text of `length` characters into windows of `config.window` that overlap by `config.overlap`.
pub(crate) fn windows(
    length: usize,
    config: &FeatureConfig,
) -> impl Iterator<Item = Range<usize>> + use<> {
    let step = config.window - config.overlap;
    let last = length.saturating_sub(config.overlap).max(1);
    let window = config.window;
    (0..last).step_by(step).map(move |start| start..(start + window).min(length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::links::judge_links;
    use crate::text::normalize;

    pub(crate) fn config() -> FeatureConfig {
        FeatureConfig {
            slots: 1 << 16,
            rows: 1 << 16,
            characters: 5,
            words: 2,
            window: 100,
            overlap: 50,
        }
    }

    fn text_of(given: &str) -> Vec<char> {
        let normalized = normalize(given);
        model_text(
            &normalized,
            &judge_links(&normalized, given, None, crate::lists::Lists::embedded()).links,
            &mut (),
        )
    }

    #[test]
    fn links_and_digits_become_placeholders() {
        let shown = show(&text_of("รับ 5,000 บาท ที่ acwc9.com/xเลย NOW"));
        assert_eq!(shown, "รับ 0,000 บาท ที่ ⟨unknown_domain⟩⟨random_name⟩ เลย now");
        // A sender cannot write a placeholder.
        assert_eq!(text_of("\u{E002}hello"), text_of("hello"));
    }

    #[test]
    fn windows_cover_all_and_overlap() {
        let config = config();
        let parts: Vec<_> = windows(260, &config).collect();
        assert_eq!(parts, [0..100, 50..150, 100..200, 150..250, 200..260]);
        assert_eq!(windows(100, &config).count(), 1);
        assert!(windows(0, &config).eq(std::iter::once(0..0)));
    }

    #[test]
    fn features_are_within_bounds() {
        let features = features(&text_of("กก กก kk"), &config(), None);
        assert!(features.rows.iter().all(|&s| (0..1 << 16).contains(&s)));
        assert!(features.values.iter().any(|&v| v > 1.0));
    }

    proptest! {
        #[test]
        fn each_row_is_counted_where_it_first_occurs(rows in prop::collection::vec(0..40_u32, 0..99)) {
            let mut known: Vec<(u32, f32)> = Vec::new();
            for &row in &rows {
                match known.iter_mut().find(|(seen, _)| *seen == row) {
                    Some((_, times)) => *times += 1.0,
                    None => known.push((row, 1.0)),
                }
            }
            let features = count(&rows);
            prop_assert!(known.iter().map(|(row, _)| row.cast_signed()).eq(features.rows));
            prop_assert!(known.iter().map(|(_, times)| 1.0 + times.ln()).eq(features.values));
        }
    }

    #[test]
    fn each_character_knows_its_piece() {
        let given = "ดีมากกกก  กด acwc9.com NOW 😀";
        let normalized = normalize(given);
        let links = judge_links(&normalized, given, None, crate::lists::Lists::embedded()).links;
        let mut places = Vec::new();
        let text = model_text(&normalized, &links, &mut places);
        assert_eq!(text, model_text(&normalized, &links, &mut ()));
        assert_eq!(text.len(), places.len());
        assert!(places.is_sorted());
        let piece =
            |ch| normalized.pieces()[places[text.iter().position(|&c| c == ch).unwrap()]].ch;
        assert_eq!((piece('w'), piece('😀'), piece('ด')), ('W', '😀', 'ด'));
    }

    #[test]
    fn what_is_hidden_takes_all_that_touches_it_away_and_adds_nothing() {
        let config = config();
        let rows = |text: &str| features(&text.chars().collect::<Vec<_>>(), &config, None).rows;
        let whole = rows("รับ โบนัส now");
        let less = rows("รับ \u{F8FF}\u{F8FF}\u{F8FF}\u{F8FF}\u{F8FF} now");
        assert!(less.iter().all(|row| whole.contains(row)));
        assert!(rows("รับ").iter().filter(|row| less.contains(row)).count() > 3);
        let word = rows("โบนัส");
        assert!(word.iter().any(|row| !less.contains(row)));
    }

    #[test]
    fn what_the_vocabulary_does_not_know_is_left_out() {
        let (text, config) = (text_of("โอน 500 now"), config());
        let all = features(&text, &config, None);
        let mut bits = vec![0; 1 << 13];
        let kept: Vec<i32> = all.rows.iter().copied().step_by(3).collect();
        for &slot in &kept {
            bits[slot.cast_unsigned() as usize / 8] |= 1 << (slot % 8);
        }
        let vocabulary =
            Vocabulary::parse(&bits, config.slots, kept.len().try_into().unwrap()).unwrap();
        let known = features(&text, &config, Some(&vocabulary));
        // Rows follow the order of the slots.
        let mut ascending = kept.clone();
        ascending.sort_unstable();
        let row = |slot| ascending.iter().position(|kept| kept == slot).unwrap();
        assert!(kept.iter().map(row).eq(known.rows.iter().map(|&r| r.cast_unsigned() as usize)));
        let values: Vec<f32> = all.values.iter().copied().step_by(3).collect();
        assert_eq!(known.values, values);
    }
}
