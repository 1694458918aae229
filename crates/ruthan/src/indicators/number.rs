//! Numbers: what the digits at a place are, by their shape and by the nearest word before them.

use std::ops::Range;

use super::phone::{self, Around};
use super::{Hit, IndicatorKind, Reader};
use crate::lists::Cue;

/// A number has at most this many digits; what is longer is nothing.
pub(super) const MOST_DIGITS: usize = 20;
/// A number is written in at most this many groups.
const MOST_GROUPS: usize = 6;
/// How many bytes before a number are searched for a word that says what it is.
const REACH: usize = 96;
/// A word must stand this close to say that three or four digits are dialled.
const REACH_OF_SHORT: usize = 32;
/// A word must stand this close to say that what looks like a mobile's number is an account's.
const REACH_OF_DOUBT: usize = 12;
/// A bank is named within so many bytes behind its account.
const REACH_BEHIND: usize = 40;
/// Numbers to call stand this close together where one word for calling serves all of them.
const REACH_BETWEEN: usize = 24;

/// The digits of a number, in the groups in which they are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digits<'d> {
    pub(super) text: &'d str,
    /// Whether a plus stands before them.
    pub(super) plus: bool,
    /// How many digits each group has.
    pub(super) groups: &'d [usize],
}

impl Digits<'_> {
    /// Whether the digits are written in one go.
    pub(super) fn is_whole(&self) -> bool {
        self.groups.len() == 1
    }

    /// Whether the digits are written in one go or in one of the ways of `forms`.
    pub(super) fn is_grouped(&self, forms: &[&[usize]]) -> bool {
        self.is_whole() || forms.contains(&self.groups)
    }
}

/// A number as it stands in a text, with spaces, hyphens, points and brackets between its groups.
#[derive(Debug, Default)]
struct Written {
    plus: bool,
    digits: String,
    groups: Vec<usize>,
    /// Where each group ends.
    ends: Vec<usize>,
}

impl Written {
    /// Reads the number at `start`: a few groups, of which only one can be long.
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut written = Self { plus: bytes[start] == b'+', ..Self::default() };
        let mut at = start + usize::from(written.plus);
        while written.groups.len() < MOST_GROUPS && written.digits.len() < MOST_DIGITS {
            let skip = if written.groups.is_empty() {
                usize::from(bytes.get(at) == Some(&b'('))
            } else {
                gap(&bytes[at..])
            };
            let length = bytes[at + skip..].iter().take_while(|b| b.is_ascii_digit()).count();
            if length == 0 || (skip == 0 && !written.groups.is_empty()) {
                break;
            }
            at += skip;
            written
                .digits
                .extend(bytes[at..].iter().take(length.min(2 * MOST_DIGITS)).map(|&b| b as char));
            at += length;
            written.groups.push(length);
            written.ends.push(at);
        }
        written
    }

    /// The first `groups` groups.
    fn first(&self, groups: usize) -> Digits<'_> {
        let groups = &self.groups[..groups];
        let digits = groups.iter().sum::<usize>().min(self.digits.len());
        Digits { text: &self.digits[..digits], plus: self.plus, groups }
    }
}

/// The length of what may stand between the groups of a number, at the start of `bytes`.
fn gap(bytes: &[u8]) -> usize {
    match bytes {
        [b')', b' ' | b'-', ..] | [b' ' | b'-', b'(', ..] => 2,
        [b'-' | b' ' | b'.' | b')' | b'(', ..] => 1,
        _ => 0,
    }
}

impl Reader<'_> {
    /// Says what the number at `start` is, and where it ends.
    pub(super) fn number(&self, start: usize) -> Option<Hit> {
        let bytes = self.text.as_bytes();
        let behind = |distance: usize| start.checked_sub(distance).map(|at| bytes[at]);
        let written = Written::read(bytes, start);
        let whole = |end: usize| Some(Hit::nothing(start..end));
        let first_end = *written.ends.first()?;
        // Part of a code, a mask, a tag: `AB123`, `****1234`, `#2025`.
        let joined =
            behind(1).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'#' | b'*' | b'_'));
        if joined && !self.currency_ends(start) {
            // `K-BANK80000บาท`: the currency behind it says that it is a number of its own.
            let amount = || self.amount(start).filter(|hit| hit.range.end > first_end + 1);
            return behind(1)
                .filter(u8::is_ascii_alphabetic)
                .and_then(|_| amount())
                .or_else(|| whole(first_end));
        }
        // `INV-2025`, `x-8841`; but `TEL-0812345678` is a number, and so is `G-482913`.
        let hyphened =
            behind(1) == Some(b'-') && behind(2).is_some_and(|b| b.is_ascii_alphanumeric());
        let dated =
            matches!(behind(1), Some(b'/' | b':')) && behind(2).is_some_and(|b| b.is_ascii_digit());
        for groups in (1..=written.groups.len()).rev() {
            let end = written.ends[groups - 1];
            let number = written.first(groups);
            let glued = bytes.get(end).is_some_and(u8::is_ascii_alphabetic)
                || number.text.len() > MOST_DIGITS;
            if groups > 1 && (glued || hyphened) {
                continue;
            }
            if let Some(hit) = self.long_number(start..end, number, hyphened || glued) {
                return Some(hit);
            }
        }
        if let Some(hit) = self.amount(start) {
            return Some(hit);
        }
        if let Some(hit) = self.code(start, &written) {
            return Some(hit);
        }
        if !hyphened
            && !dated
            && !written.plus
            && let Some(hit) = self.short_number(start..first_end)
        {
            return Some(hit);
        }
        whole(first_end)
    }

    /// A telephone number, an account, a national ID.
    fn long_number(&self, range: Range<usize>, number: Digits<'_>, joined: bool) -> Option<Hit> {
        let role = self.role(range.start, REACH);
        let cue = role.map(|(cue, _)| cue);
        let hit = |kind, value| Some(Hit::new(kind, value, range.clone()));
        if number.plus || number.text.starts_with("00") || cue == Some(Cue::WhatsApp) {
            let around = Around { called: true, ..self.around };
            let kind = if cue == Some(Cue::WhatsApp) {
                IndicatorKind::WhatsApp
            } else {
                IndicatorKind::Phone
            };
            if let Some(value) = phone::phone(&number, around) {
                return hit(kind, value);
            }
        }
        if number.plus {
            return None;
        }
        if number.text.len() == 13
            && number.is_grouped(&[&[1, 4, 5, 2, 1]])
            && cue != Some(Cue::Reference)
            && is_national_id(number.text)
        {
            let kind = if self.pays_by_promptpay(range.start) {
                IndicatorKind::PromptPay
            } else {
                IndicatorKind::NationalId
            };
            return hit(kind, number.text.to_owned());
        }
        let account = |digits: &str| {
            let hit = Hit::new(IndicatorKind::Account, digits.to_owned(), range.clone());
            Some(Hit { bank: self.bank(&range), ..hit })
        };
        if number.groups == [3, 1, 5, 1] && cue != Some(Cue::Reference) {
            return account(number.text);
        }
        let to_account = matches!(cue, Some(Cue::Account | Cue::Bank(_)));
        let called = matches!(cue, Some(Cue::Call));
        let around =
            Around { called: called || self.around.called && cue.is_none(), ..self.around };
        if let Some(value) = phone::phone(&number, around) {
            if self.pays_by_promptpay(range.start) {
                return hit(IndicatorKind::PromptPay, value);
            }
            let near = role.is_some_and(|(_, distance)| distance <= REACH_OF_DOUBT);
            if cue == Some(Cue::Account) && near && number.is_whole() && number.text.len() == 10 {
                return account(number.text);
            }
            let nothing = cue == Some(Cue::Reference) && near && !number.text.starts_with('0');
            return if nothing { None } else { hit(IndicatorKind::Phone, value) };
        }
        let shape = matches!(number.groups, [_] | [3, 6, 1] | [3, 1, 6] | [_, _, _, _])
            && (10..=15).contains(&number.text.len());
        (to_account && shape && !joined).then(|| account(number.text)).flatten()
    }

    /// Three or four digits to be dialled as they are.
    fn short_number(&self, range: Range<usize>) -> Option<Hit> {
        let bytes = self.text.as_bytes();
        let digits = &self.text[range.clone()];
        let (cue, distance) =
            self.role(range.start, REACH_OF_SHORT).or_else(|| self.standing_call(range.start))?;
        // What follows may show that it is a number of something: `20%`, `10:30`, `1200/2568`, `1,000`.
        let goes_on = bytes
            .get(range.end)
            .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'%' | b':' | b'-' | b'*'))
            || (bytes.get(range.end).is_some_and(|b| matches!(b, b'/' | b'.' | b','))
                && bytes.get(range.end + 1).is_some_and(u8::is_ascii_digit));
        let dialled =
            cue == Cue::Call && distance <= REACH_OF_SHORT && phone::is_short(digits) && !goes_on;
        dialled.then(|| Hit::new(IndicatorKind::Phone, digits.to_owned(), range))
    }

    /// A word for calling before the number that was found last: `โทร 1441 หรือ 1155`.
    fn standing_call(&self, start: usize) -> Option<(Cue, usize)> {
        (self.last_phone > 0 && start - self.last_phone <= REACH_BETWEEN)
            .then_some((Cue::Call, start - self.last_phone))
    }

    /// A one-time code.
    fn code(&self, start: usize, written: &Written) -> Option<Hit> {
        let bytes = self.text.as_bytes();
        let groups = if matches!(written.groups[..], [3, 3, ..] | [4, 4, ..]) { 2 } else { 1 };
        let number = written.first(groups);
        let end = written.ends[groups - 1];
        let before = |distance: usize| start.checked_sub(distance).map(|at| bytes[at]);
        let google = before(1) == Some(b'-')
            && matches!(before(2), Some(b'G' | b'g'))
            && !before(3).is_some_and(|b| b.is_ascii_alphanumeric());
        let follows = |mark: u8| {
            bytes.get(end) == Some(&mark) && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
        };
        let part = bytes.get(end).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'%')
            || follows(b'/')
            || follows(b':')
            || follows(b'.')
            || follows(b',')
            || follows(b'-')
            || (!google
                && matches!(before(1), Some(b'-' | b'/' | b':' | b'.'))
                && before(2).is_some_and(|b| b.is_ascii_alphanumeric()));
        if !(4..=8).contains(&number.text.len()) || part || written.plus {
            return None;
        }
        let rest = self.text[end..].trim_start();
        let told_after =
            || {
                self.lists.cues.code_after.iter().any(|cue| {
                    rest.get(..cue.len()).is_some_and(|head| head.eq_ignore_ascii_case(cue))
                })
            };
        let told = google
            || self.role(start, REACH).is_some_and(|(cue, _)| cue == Cue::Code)
            || told_after();
        told.then(|| {
            let start = if google { start - 2 } else { start };
            let value = if google { format!("G-{}", number.text) } else { number.text.to_owned() };
            Hit::new(IndicatorKind::Code, value, start..end)
        })
    }

    /// The word before `start` that says what a number is, and how far off it stands; words before the number that was
    /// found last speak of that one.
    fn role(&self, start: usize, reach: usize) -> Option<(Cue, usize)> {
        let fresh = self.fresh(start, reach);
        let speaks = |cue: &Cue| {
            matches!(
                cue,
                Cue::Account
                    | Cue::PromptPay
                    | Cue::Call
                    | Cue::Code
                    | Cue::Id
                    | Cue::Reference
                    | Cue::WhatsApp
                    | Cue::Bank(_)
            )
        };
        fresh.filter(|at| speaks(&at.cue)).map(|at| (at.cue, start - at.end)).next()
    }

    /// Whether a payment by PromptPay is asked for: the word stands before the number, and no word of another use between.
    fn pays_by_promptpay(&self, start: usize) -> bool {
        self.fresh(start, REACH)
            .find(|at| {
                !matches!(
                    at.cue,
                    Cue::Id | Cue::Account | Cue::Bank(_) | Cue::Add | Cue::Nothing | Cue::Line
                )
            })
            .is_some_and(|at| at.cue == Cue::PromptPay)
    }

    /// The bank that is named for the account at `range`: the nearest before it, else the first behind it.
    fn bank(&self, range: &Range<usize>) -> Option<String> {
        let bank = |cue: Cue| match cue {
            Cue::Bank(place) => Some(self.lists.tables().brands()[place].id.clone()),
            _ => None,
        };
        let before = self.fresh(range.start, REACH).find_map(|at| bank(at.cue));
        let behind = || {
            let from = self.cues.partition_point(|at| at.start < range.end);
            let near =
                self.cues[from..].iter().take_while(|at| at.start - range.end <= REACH_BEHIND);
            let bytes = self.text.as_bytes();
            near.take_while(|at| !bytes[range.end..at.start].iter().any(u8::is_ascii_digit))
                .find_map(|at| bank(at.cue))
        };
        before.or_else(behind)
    }
}

/// Whether thirteen digits carry the check digit of a Thai national ID (weights 13 to 2, modulo 11).
fn is_national_id(digits: &str) -> bool {
    let values: Vec<u32> = digits.chars().filter_map(|ch| ch.to_digit(10)).collect();
    let sum: u32 =
        values.iter().take(12).zip((2..=13).rev()).map(|(digit, weight)| digit * weight).sum();
    values.len() == 13 && (1..=8).contains(&values[0]) && (11 - sum % 11) % 10 == values[12]
}
