//! The lists that links and indicators are judged with, ready to be searched.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Input, MatchKind};
use ruthan_data::{Brand, BrandKind, Tables};

use crate::error::Error;

/// Acronyms of three letters are many things; they count only where the way they are written says more.
pub(crate) const ACRONYM: usize = 3;

/// The tables and the searchers that are made of them.
#[derive(Debug)]
pub(crate) struct Lists {
    tables: Cow<'static, Tables>,
    /// What a message may call a brand by.
    pub(crate) spoken: BrandFinder,
    /// What a host may imitate a brand by.
    pub(crate) imitated: BrandFinder,
    /// What says what a number is.
    pub(crate) cues: CueFinder,
    /// How currencies are written, the longest words first.
    pub(crate) money: Money,
}

impl Lists {
    /// The lists inside the program, made ready at the first call.
    pub(crate) fn embedded() -> &'static Arc<Self> {
        static LISTS: LazyLock<Arc<Lists>> =
            LazyLock::new(|| Arc::new(Lists::new(Cow::Borrowed(Tables::embedded()))));
        &LISTS
    }

    /// The lists inside the program, with the files of a folder in place of those of the same names.
    pub(crate) fn from_dir(folder: &Path) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self::new(Cow::Owned(Tables::from_dir(folder)?))))
    }

    fn new(tables: Cow<'static, Tables>) -> Self {
        let brands = tables.brands();
        // Of a brand's words that are common, too, a message is believed the acronyms, if they are in capitals.
        let spoken = BrandFinder::new(brands, |b| {
            let words = b.names.iter().chain(&b.names_th).chain(&b.abbreviations);
            words.filter(|w| !is_common(b, w) || w.len() == ACRONYM).map(String::as_str).collect()
        });
        let imitated = BrandFinder::new(brands, |b| {
            b.abbreviations.iter().filter(|a| a.is_ascii()).map(String::as_str).collect()
        });
        let cues = CueFinder::new(&tables);
        let money = Money::new(&tables);
        Self { tables, spoken, imitated, cues, money }
    }

    /// The tables themselves.
    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }
}

/// Whether a brand's word may mean something else, whatever its case.
fn is_common(brand: &Brand, word: &str) -> bool {
    brand.common.iter().any(|common| common.eq_ignore_ascii_case(word))
}

/// Looks for many words at once, ASCII letters of any case alike. At one place the longest wins.
///
/// A DFA would look faster, but takes a fifth of the library's start to make.
fn automaton(words: &[&str]) -> AhoCorasick {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(words)
        .expect("a few thousand short patterns fit")
}

/// Names and abbreviations of brands, ready to be looked for.
#[derive(Debug)]
pub(crate) struct BrandFinder {
    automaton: AhoCorasick,
    /// The brand of each pattern, by its place in the table, and whether the pattern is ambiguous.
    patterns: Vec<(usize, bool)>,
    /// The long words that mean nothing else, and each of them with one letter left out.
    near: HashSet<Box<str>>,
    words: HashSet<Box<str>>,
}

/// A brand's word in a text.
pub(crate) struct Mention {
    /// The brand's place in the table.
    pub(crate) brand: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether the word may mean something else.
    pub(crate) ambiguous: bool,
}

impl BrandFinder {
    /// Of the words that `words` gives for each brand, those that are long enough to say something.
    fn new<'a>(brands: &'a [Brand], words: impl Fn(&'a Brand) -> Vec<&'a str>) -> Self {
        let (mut texts, mut patterns) = (Vec::new(), Vec::new());
        for (place, brand) in brands.iter().enumerate() {
            for word in words(brand).into_iter().filter(|word| word.len() >= ACRONYM) {
                texts.push(word);
                patterns.push((place, is_common(brand, word)));
            }
        }
        let long = texts.iter().zip(&patterns).filter(|(text, (_, ambiguous))| {
            !ambiguous && text.len() >= NEAR && text.bytes().all(|b| b.is_ascii_lowercase())
        });
        let words: HashSet<Box<str>> = long.map(|(text, _)| (*text).into()).collect();
        let near = words.iter().flat_map(|word| without_one(word)).collect();
        // Only messages with a link are searched, and a DFA of so many words took most of the start.
        let automaton = automaton(&texts);
        Self { automaton, patterns, near, words }
    }

    /// Whether `token` is one of the longer words but for one letter too many, too few, another or out of place (one edit
    /// of Damerau and Levenshtein). The first letter stays, for a person looks at it first.
    pub(crate) fn nearly(&self, token: &str) -> bool {
        if token.len() < NEAR || token.len() > LONGEST_NEAR || self.words.contains(token) {
            return false;
        }
        // Two words one edit apart have a form in common with at most one letter left out of each.
        let shared = self.near.contains(token)
            || without_one(token)
                .any(|form| self.words.contains(&form) || self.near.contains(&form));
        shared
            && self
                .words
                .iter()
                .any(|word| word.as_bytes()[0] == token.as_bytes()[0] && is_one_edit(word, token))
    }

    /// The words in `text`, in order.
    pub(crate) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Mention> + 't {
        self.automaton.find_iter(text).map(|m| {
            let (brand, ambiguous) = self.patterns[m.pattern()];
            Mention { brand, start: m.start(), end: m.end(), ambiguous }
        })
    }
}

/// Shorter words are one letter from too many others.
const NEAR: usize = 7;
const LONGEST_NEAR: usize = 24;

/// `word` with each of its letters left out in turn.
fn without_one(word: &str) -> impl Iterator<Item = Box<str>> + '_ {
    word.char_indices()
        .map(|(at, ch)| format!("{}{}", &word[..at], &word[at + ch.len_utf8()..]).into())
}

/// Whether one letter put in, taken out, changed or swapped with the next makes `a` of `b`.
fn is_one_edit(a: &str, b: &str) -> bool {
    let (a, b) = if a.len() <= b.len() {
        (a.as_bytes(), b.as_bytes())
    } else {
        (b.as_bytes(), a.as_bytes())
    };
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = |skip: usize| {
        a[head.min(a.len())..]
            .iter()
            .rev()
            .zip(b[head..].iter().rev())
            .take_while(|(x, y)| x == y)
            .count()
            + head
            + skip
    };
    match b.len() - a.len() {
        0 => {
            let swapped = head + 1 < a.len()
                && a[head] == b[head + 1]
                && a[head + 1] == b[head]
                && a[head + 2..] == b[head + 2..];
            a != b && (tail(1) >= a.len() || swapped)
        }
        1 => tail(0) >= a.len(),
        _ => false,
    }
}

/// What a word says of the number or name beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    Account,
    PromptPay,
    Call,
    Code,
    Id,
    Reference,
    LineId,
    Line,
    Telegram,
    WhatsApp,
    Elsewhere,
    Add,
    Nothing,
    /// A bank, by its place in the table.
    Bank(usize),
}

/// A word that says something, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CueAt {
    pub(crate) cue: Cue,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Looks for the words that say what a number is.
#[derive(Debug)]
pub(crate) struct CueFinder {
    automaton: AhoCorasick,
    cues: Vec<Cue>,
    /// What stands behind a code.
    pub(crate) code_after: Vec<String>,
}

impl CueFinder {
    fn new(tables: &Tables) -> Self {
        let cues = tables.cues();
        let mut words: Vec<(&str, Cue)> = [
            (&cues.account, Cue::Account),
            (&cues.promptpay, Cue::PromptPay),
            (&cues.call, Cue::Call),
            (&cues.code, Cue::Code),
            (&cues.id, Cue::Id),
            (&cues.reference, Cue::Reference),
            (&cues.line_id, Cue::LineId),
            (&cues.line, Cue::Line),
            (&cues.telegram, Cue::Telegram),
            (&cues.whatsapp, Cue::WhatsApp),
            (&cues.elsewhere, Cue::Elsewhere),
            (&cues.add, Cue::Add),
            (&cues.nothing, Cue::Nothing),
        ]
        .into_iter()
        .flat_map(|(words, cue)| words.iter().map(move |word| (word.as_str(), cue)))
        .collect();
        // Where banks of two countries have one name, the Thai one is meant: the first of equal words wins.
        let mut brands: Vec<(usize, &Brand)> = tables.brands().iter().enumerate().collect();
        brands.sort_by_key(|(_, brand)| brand.country != "TH");
        for (place, brand) in brands {
            if brand.kind == BrandKind::Bank {
                let names = brand.names.iter().chain(&brand.names_th).chain(&brand.abbreviations);
                let names = names.filter(|name| name.len() >= ACRONYM);
                words.extend(names.map(|name| (name.as_str(), Cue::Bank(place))));
            }
        }
        let texts: Vec<&str> = words.iter().map(|&(word, _)| word).collect();
        Self {
            automaton: automaton(&texts),
            cues: words.iter().map(|&(_, cue)| cue).collect(),
            code_after: cues.code_after.clone(),
        }
    }

    /// The words in `text` that say something, in order. A Latin word counts only whole.
    pub(crate) fn find(&self, text: &str) -> Vec<CueAt> {
        let bytes = text.as_bytes();
        // A number may stand right behind: `OTP482910`.
        let whole = |start: usize, end: usize| {
            let first = bytes[start].is_ascii_alphanumeric();
            let begun = first && start > 0 && bytes[start - 1].is_ascii_alphanumeric();
            let last = bytes[end - 1].is_ascii_alphanumeric();
            !(begun || last && bytes.get(end).is_some_and(u8::is_ascii_alphabetic))
        };
        let (mut cues, mut at) = (Vec::new(), 0);
        while let Some(m) = self.automaton.find(Input::new(text).range(at..)) {
            let (start, end) = (m.start(), m.end());
            if whole(start, end) {
                cues.push(CueAt { cue: self.cues[m.pattern()], start, end });
                at = end;
            } else {
                // Within the longest word another may stand: `add line` fails in `add lineid`, `lineid` does not.
                at = start + 1;
            }
        }
        cues
    }
}

/// How amounts are written.
#[derive(Debug, Default)]
pub(crate) struct Money {
    before: Vec<Word>,
    after: Vec<Word>,
    multipliers: Vec<(String, u64)>,
}

/// One way in which a currency is written.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    text: String,
    /// The currency's code.
    pub(crate) code: String,
    /// Whether the number is of hundredths.
    pub(crate) cents: bool,
}

impl Word {
    /// Whether it is but a small letter, which says little.
    pub(crate) fn is_small_letter(&self) -> bool {
        matches!(self.text.as_bytes(), [b'a'..=b'z'])
    }
}

impl Money {
    fn new(tables: &Tables) -> Self {
        let mut money = Self::default();
        for (code, currency) in &tables.cues().currency {
            let word =
                |text: &String, cents| Word { text: text.clone(), code: code.clone(), cents };
            money.before.extend(currency.before.iter().map(|text| word(text, false)));
            money.after.extend(currency.after.iter().map(|text| word(text, false)));
            money.after.extend(currency.cents.iter().map(|text| word(text, true)));
        }
        money.multipliers = tables.cues().multiplier.clone().into_iter().collect();
        money.before.sort_by_key(|word| std::cmp::Reverse(word.text.len()));
        money.after.sort_by_key(|word| std::cmp::Reverse(word.text.len()));
        money.multipliers.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        money
    }

    /// The currency that `text`, which ends where a number starts, ends with, and the word's length in bytes.
    pub(crate) fn before(&self, text: &str) -> Option<(&Word, usize)> {
        let word = self.before.iter().find(|word| {
            let Some(start) = text.len().checked_sub(word.text.len()) else { return false };
            let (Some(tail), Some(lead)) = (text.get(start..), text.get(..start)) else {
                return false;
            };
            let whole = !word.text.as_bytes()[0].is_ascii_alphabetic()
                || !lead.ends_with(|ch: char| ch.is_ascii_alphanumeric());
            whole && same(tail, &word.text)
        })?;
        Some((word, word.text.len()))
    }

    /// The currency that `text`, which starts where a number ends, starts with, and the word's length in bytes.
    ///
    /// A word that stands for two currencies (`p`) is of cents if `cents` says so; `None` where nothing says so.
    pub(crate) fn after(&self, text: &str, cents: Option<bool>) -> Option<(&Word, usize)> {
        let mut words = self.after.iter().filter(|word| begins(text, &word.text));
        let first = words.next()?;
        let other = words.find(|word| word.text == first.text && word.cents != first.cents);
        let word = match (other, cents) {
            (None, _) => first,
            (Some(_), None) => return None,
            (Some(other), Some(cents)) => {
                if first.cents == cents {
                    first
                } else {
                    other
                }
            }
        };
        Some((word, word.text.len()))
    }

    /// Whether `text` names pesos by a sign or a word.
    pub(crate) fn names_pesos(&self, text: &str) -> bool {
        let peso = |word: &&Word| word.code == "PHP" && word.text.len() > 1;
        let mut words = self.before.iter().chain(&self.after).filter(peso);
        words.any(|word| text.contains(word.text.as_str()))
    }

    /// What the word at the start of `text` multiplies a number by, and the word's length in bytes.
    pub(crate) fn multiplier(&self, text: &str) -> Option<(u64, usize)> {
        let (word, factor) = self.multipliers.iter().find(|(word, _)| begins(text, word))?;
        Some((*factor, word.len()))
    }
}

/// Whether two texts are one word; a single letter must be of the same case, too.
fn same(text: &str, word: &str) -> bool {
    if word.len() == 1 { text == word } else { text.eq_ignore_ascii_case(word) }
}

/// Whether `text` begins with `word`, and a Latin word or a single Thai letter ends there.
fn begins(text: &str, word: &str) -> bool {
    let Some(head) = text.get(..word.len()) else { return false };
    let mut rest = text[word.len()..].chars();
    let goes_on = rest.next().is_some_and(|next| {
        if word.ends_with(|ch: char| ch.is_ascii_alphabetic()) {
            next.is_ascii_alphabetic() || (word.len() == 1 && next.is_ascii_digit())
        } else {
            word.chars().count() == 1
                && crate::text::thai_chars::is_letter_or_mark(next)
                && word.chars().all(crate::text::thai_chars::is_letter_or_mark)
        }
    });
    same(head, word) && !goes_on
}
