//! Where a message wants one to write to: chat handles, e-mail addresses, codes to dial.

use super::{Hit, IndicatorKind, Reader};
use crate::lists::Cue;

/// A handle has at most this many characters (LINE: 20 behind the `@`, Telegram: 32).
const LONGEST: usize = 32;
/// A service must be named within so many characters before a handle.
const REACH: usize = 24;
/// A code to dial has at most this many characters.
const LONGEST_CODE: usize = 32;

const fn is_handle_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

impl Reader<'_> {
    /// A code to dial: `*139#`, `*123*4#`, `##002#`.
    pub(super) fn ussd(&self, start: usize) -> Option<Hit> {
        let bytes = self.text.as_bytes();
        let length = bytes[start..]
            .iter()
            .take(LONGEST_CODE)
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#' | b'+'))
            .count();
        // It ends with the last `#` of the run.
        let code = &self.text[start..start + length];
        let code = &code[..=code.rfind('#')?];
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        let dialled = digits >= 2 && !code.starts_with("###") && !code.contains("***");
        let range = start..start + code.len();
        dialled.then(|| Hit::new(IndicatorKind::Ussd, code.to_owned(), range))
    }

    /// An e-mail address around the `@` at `at`.
    pub(super) fn email(&self, at: usize) -> Option<Hit> {
        let bytes = self.text.as_bytes();
        let local =
            |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+' | b'%');
        let domain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        let before = bytes[self.done..at].iter().rev().take(64).take_while(|b| local(b)).count();
        let lead = self.text[at - before..at].trim_start_matches(['.', '-', '_']).len();
        let start = at - lead;
        let end = at + 1 + bytes[at + 1..].iter().take(253).take_while(|b| domain(b)).count();
        let host = self.text[at + 1..end].trim_end_matches(['.', '-']);
        let suffix = ruthan_data::known_suffix(&host.to_ascii_lowercase()).is_some();
        let valid = start < at
            && host.contains('.')
            && !host.starts_with('.')
            && !host.contains("..")
            && suffix;
        let end = at + 1 + host.len();
        let value = || self.text[start..end].to_ascii_lowercase();
        valid.then(|| Hit::new(IndicatorKind::Email, value(), start..end))
    }

    /// A handle with its `@` at `at`, where the words around say of which service.
    pub(super) fn handle(&self, at: usize) -> Option<Hit> {
        let bytes = self.text.as_bytes();
        if at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'@') {
            return None;
        }
        let name = self.name(at + 1)?;
        let end = at + 1 + name.len();
        let kind = self.service(at, end)?;
        // `@LINE:id` names the service, not a handle.
        let over = self.cues.get(self.cues.partition_point(|cue| cue.end < end));
        if over.is_some_and(|cue| cue.start <= at + 1) {
            return None;
        }
        let value = self.text[at..end].to_ascii_lowercase();
        (name.len() >= 3).then(|| Hit::new(kind, value, at..end))
    }

    /// The service that a handle between `start` and `end` is of.
    fn service(&self, start: usize, end: usize) -> Option<IndicatorKind> {
        let service = |cue: Cue| match cue {
            Cue::Line | Cue::LineId => Some(Some(IndicatorKind::LineId)),
            Cue::Telegram => Some(Some(IndicatorKind::Telegram)),
            Cue::WhatsApp => Some(Some(IndicatorKind::WhatsApp)),
            Cue::Elsewhere => Some(None),
            _ => None,
        };
        let near = |from: usize, to: usize| {
            self.text.get(from..to).is_some_and(|s| s.chars().take(REACH + 1).count() <= REACH)
        };
        let before = self
            .fresh(start, 3 * REACH)
            .filter(|cue| near(cue.end, start))
            .find_map(|cue| service(cue.cue));
        // `@name (Telegram only)`, `@name ใน Telegram`
        let behind = || {
            let from = self.cues.partition_point(|cue| cue.start < end);
            let cue = self.cues.get(from)?;
            let between = self.text.get(end..cue.start)?.trim_matches([' ', '(', '[']);
            matches!(between, "" | "in" | "on" | "ใน" | "ทาง" | "บน")
                .then(|| service(cue.cue))
                .flatten()
        };
        if let Some(found) = before.or_else(behind) {
            return found;
        }
        let added = self.around.thai
            && self
                .fresh(start, 3 * REACH)
                .any(|cue| matches!(cue.cue, Cue::Add | Cue::Call) && near(cue.end, start));
        added.then_some(IndicatorKind::LineId)
    }

    /// The name at `at`, without the points and hyphens at its end.
    fn name(&self, at: usize) -> Option<&str> {
        let length = self.text.as_bytes()[at..]
            .iter()
            .take(LONGEST)
            .take_while(|b| is_handle_byte(**b))
            .count();
        let name = self.text[at..at + length].trim_end_matches(['.', '-', '_']);
        name.starts_with(|ch: char| ch.is_ascii_alphanumeric()).then_some(name)
    }

    /// A name without `@` behind the word for its service, whose place among the cues is `place`.
    pub(super) fn bare_name(&self, place: usize) -> Option<Hit> {
        let cue = self.cues[place];
        let (kind, said) = match cue.cue {
            Cue::LineId => (IndicatorKind::LineId, true),
            // `แอดไลน์`, `add line`: what follows is an ID. So it is in `id : LINE`.
            Cue::Line => {
                let lead = place.checked_sub(1).map(|p| self.cues[p]);
                let added = lead
                    .is_some_and(|l| matches!(l.cue, Cue::Add | Cue::Id) && cue.start - l.end <= 4);
                (IndicatorKind::LineId, added)
            }
            Cue::Telegram => (IndicatorKind::Telegram, false),
            _ => return None,
        };
        let rest = &self.text[cue.end..];
        let mut at = cue.end;
        let mut words = rest;
        // `ID`, `ไอดี`, `is` and signs may stand between.
        let mut named = said;
        let mut sign = false;
        loop {
            let trimmed = words.trim_start_matches([' ', '\n']);
            let next = trimmed.chars().next()?;
            if matches!(next, ':' | '=' | '：' | '→' | '👉' | '➡') || (next == '-' && !sign)
            {
                sign = true;
                words = &trimmed[next.len_utf8()..];
            } else if let Some((word, is_id)) =
                [("id", true), ("ไอดี", true), ("is", false), ("official", false), ("oa", false)]
                    .into_iter()
                    .find(|(word, _)| {
                        trimmed
                            .get(..word.len())
                            .is_some_and(|head| head.eq_ignore_ascii_case(word))
                            && !trimmed[word.len()..]
                                .starts_with(|ch: char| ch.is_ascii() && is_handle_byte(ch as u8))
                    })
            {
                named |= is_id;
                words = &trimmed[word.len()..];
            } else {
                at += rest.len() - trimmed.len();
                break;
            }
            if at + 24 < self.text.len() - words.len() {
                return None;
            }
        }
        let name = self.name(at)?;
        let end = at + name.len();
        // The word goes on in another script or as a link or an address.
        if self.text.as_bytes().get(end) == Some(&b'@') || self.in_whole_link(at) {
            return None;
        }
        let telling = name.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-'));
        let digits = name.bytes().all(|b| b.is_ascii_digit());
        let letters = name.bytes().any(|b| b.is_ascii_alphabetic());
        let is_id = match kind {
            IndicatorKind::Telegram => {
                name.len() >= 5 && letters && (sign || telling) && name.bytes().all(|b| b != b'.')
            }
            _ if named => {
                name.len() >= 4
                    && (telling || sign || cue.cue == Cue::LineId)
                    && (!digits || sign || name.len() >= 5)
            }
            // In Thai, `LINE : publicloan` is an ID, for no English sentence begins there.
            _ if sign && self.around.thai && name.len() >= 6 => {
                telling || name.bytes().all(|b| b.is_ascii_lowercase())
            }
            _ => {
                name.len() >= 4
                    && telling
                    && letters
                    && (sign || name.bytes().any(|b| b.is_ascii_digit()))
            }
        };
        let value = match kind {
            IndicatorKind::Telegram => format!("@{}", name.to_ascii_lowercase()),
            _ => name.to_ascii_lowercase(),
        };
        is_id.then(|| Hit::new(kind, value, at..end))
    }
}
