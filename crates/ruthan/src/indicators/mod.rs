//! The second stage, too: find what an investigator freezes, blocks or links cases by.

mod chat;
mod money;
mod number;
mod phone;
mod wallet;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::links::find::Found;
use crate::lists::{Cue, CueAt, Lists};
use crate::text::{Language, Normalized, Span, normalize};
use phone::{Around, Home};

/// The most indicators that are handed out for one message.
pub const MAX_INDICATORS: usize = 64;

/// What an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IndicatorKind {
    /// A telephone number, in `+` form (ITU-T E.164); hotlines and free numbers as dialled.
    Phone,
    /// A bank account number, digits only.
    Account,
    /// A number to pay by `PromptPay`: a telephone number in `+` form, or a masked national ID.
    #[serde(rename = "promptpay")]
    PromptPay,
    /// A number with the form and check digit of a Thai national ID; masked.
    NationalId,
    /// A LINE ID; that of an official account with its `@`.
    LineId,
    /// A Telegram name, with its `@`.
    Telegram,
    /// A `WhatsApp` number, in `+` form.
    #[serde(rename = "whatsapp")]
    WhatsApp,
    /// The address of a crypto wallet (Bitcoin, Ethereum, Tron) whose checksum is right.
    Crypto,
    /// An e-mail address.
    Email,
    /// A code to dial, such as `*139#`.
    Ussd,
    /// An amount of money: number and ISO 4217 code.
    Amount,
    /// A one-time code.
    Code,
}

/// Something in a message by which cases are linked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Indicator {
    /// What it is.
    pub kind: IndicatorKind,
    /// Its canonical form.
    pub value: String,
    /// As it stands in the text as given; masked for national IDs.
    pub text: String,
    /// The bank that is named for an account, by its [`id`](https://docs.rs/ruthan-data) in `brands.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// Where it stands in the text as given.
    pub span: Span,
}

/// Finds the indicators of a message other than its links. Linear time; at most [`MAX_INDICATORS`].
///
/// What a number is, its shape and the nearest word before it say. National IDs are masked, see
/// [`unmasked_indicators`] for who may see them.
///
/// ```
/// use ruthan::IndicatorKind;
///
/// let found = ruthan::indicators("โอน 5,000 บาท เข้าบัญชีกสิกร 123-4-56789-0 โทร 081-234-5678");
/// assert_eq!(found[0].kind, IndicatorKind::Amount);
/// assert_eq!(found[1].value, "1234567890");
/// assert_eq!(found[1].bank.as_deref(), Some("kasikornbank"));
/// assert_eq!(found[2].value, "+66812345678");
/// ```
pub fn indicators(text: &str) -> Vec<Indicator> {
    mask(unmasked_indicators(text))
}

/// Finds the indicators of a message as [`indicators`] does, with national IDs in full: for an investigator who may see
/// them and must tell one from another.
///
/// ```
/// let found = ruthan::unmasked_indicators("เลขบัตร 1-1017-00230-70-8");
/// assert_eq!(found[0].value, "1101700230708");
/// assert_eq!(ruthan::indicators("เลขบัตร 1-1017-00230-70-8")[0].value, "1xxxxxxxxx708");
/// ```
pub fn unmasked_indicators(text: &str) -> Vec<Indicator> {
    let normalized = normalize(text);
    let lists = Lists::embedded();
    find(&normalized, text, &crate::links::find::find(normalized.text(), lists), lists)
}

/// Masks the national IDs among indicators: the first digit and the last three stay, by which a case is told from
/// another without saying who it is about.
pub(crate) fn mask(mut indicators: Vec<Indicator>) -> Vec<Indicator> {
    for Indicator { kind, value, text, .. } in &mut indicators {
        let id = *kind == IndicatorKind::NationalId
            || (*kind == IndicatorKind::PromptPay && !value.starts_with('+'));
        if id {
            *value = format!("{}xxxxxxxxx{}", &value[..1], &value[10..]);
            text.clone_from(value);
        }
    }
    indicators
}

/// Finds the indicators of a normalised message outside of its links.
pub(crate) fn find(
    normalized: &Normalized,
    given: &str,
    links: &[Found],
    lists: &Lists,
) -> Vec<Indicator> {
    let text = normalized.text();
    let cues = lists.cues.find(text);
    let handles = |cue: &CueAt| matches!(cue.cue, Cue::LineId | Cue::Line | Cue::Telegram);
    // A glance that spares most messages the rest.
    if !text.bytes().any(|b| b.is_ascii_digit() || b == b'@') && !cues.iter().any(handles) {
        return Vec::new();
    }
    let around = Around {
        called: cues.iter().any(|cue| cue.cue == Cue::Call),
        thai: normalized.language() == Language::Thai,
        home: if text.contains('£') {
            Home::Britain
        } else if normalized.language() == Language::Other || lists.money.names_pesos(text) {
            Home::Philippines
        } else {
            Home::Unknown
        },
    };
    let mut reader =
        Reader { text, given, normalized, links, lists, cues, around, done: 0, last_phone: 0 };
    let mut hits = Vec::new();
    reader.read(&mut hits);
    hits.into_iter()
        .filter_map(|Hit { kind, value, range, bank }| {
            let span = normalized.span_of(range);
            Some(Indicator { kind: kind?, value, text: given[span.range()].to_owned(), bank, span })
        })
        .collect()
}

/// Something found: no kind means that it is known to be nothing, and is passed over.
#[derive(Debug)]
struct Hit {
    kind: Option<IndicatorKind>,
    value: String,
    range: Range<usize>,
    bank: Option<String>,
}

impl Hit {
    fn new(kind: IndicatorKind, value: String, range: Range<usize>) -> Self {
        Self { kind: Some(kind), value, range, bank: None }
    }

    fn nothing(range: Range<usize>) -> Self {
        Self { kind: None, value: String::new(), range, bank: None }
    }
}

/// Reads a text from its start to its end.
struct Reader<'t> {
    /// The normalised text.
    text: &'t str,
    given: &'t str,
    normalized: &'t Normalized,
    links: &'t [Found],
    lists: &'t Lists,
    /// The words that say what a number is, in order.
    cues: Vec<CueAt>,
    around: Around,
    /// Where the indicator that was found last ends: words before it speak of that one.
    done: usize,
    /// Where the telephone number that was found last ends, if nothing else was found since.
    last_phone: usize,
}

impl Reader<'_> {
    fn read(&mut self, hits: &mut Vec<Hit>) {
        let bytes = self.text.as_bytes();
        let (mut at, mut link, mut cue) = (0, 0, 0);
        while at < bytes.len() && hits.len() < MAX_INDICATORS {
            while self.links.get(link).is_some_and(|l| l.range.end <= at) {
                link += 1;
            }
            while self.cues.get(cue).is_some_and(|c| c.end < at) {
                cue += 1;
            }
            if let Some(inside) = self.links.get(link).filter(|l| l.range.start <= at) {
                at = inside.range.end;
                continue;
            }
            let begins = |at: usize| at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
            let hit = match bytes[at] {
                // A name stands right behind the word for its service.
                _ if self.cues.get(cue).is_some_and(|c| c.end == at)
                    && let Some(hit) = self.bare_name(cue) =>
                {
                    Some(hit)
                }
                b'1' | b'3' | b'0' | b'T' | b'b' | b'B'
                    if begins(at)
                        && let Some(hit) = self.wallet(at) =>
                {
                    Some(hit)
                }
                b'0'..=b'9' | b'+' | b'(' => self.number(at),
                b'*' | b'#' => self.ussd(at),
                b'@' => self.email(at).or_else(|| self.handle(at)),
                _ => None,
            };
            let Some(hit) = hit else {
                at += 1;
                continue;
            };
            at = hit.range.end.max(at + 1);
            if let Some(kind) = hit.kind {
                self.done = hit.range.end;
                let phone = matches!(kind, IndicatorKind::Phone | IndicatorKind::WhatsApp);
                self.last_phone = if phone { hit.range.end } else { 0 };
                hits.push(hit);
            }
        }
    }

    /// The words that speak of what starts at `start`, the nearest first: those behind the last indicator.
    fn fresh(&self, start: usize, reach: usize) -> impl Iterator<Item = &CueAt> {
        let to = self.cues.partition_point(|cue| cue.end <= start);
        let from = self.done;
        self.cues[..to]
            .iter()
            .rev()
            .take_while(move |cue| cue.start >= from && start - cue.end <= reach)
    }

    /// Whether `at` lies in what can only be a link: `Line: somchai.shop` is a name that looks like a host.
    fn in_whole_link(&self, at: usize) -> bool {
        let place = self.links.partition_point(|link| link.range.end <= at);
        self.links.get(place).is_some_and(|link| {
            link.range.start <= at && (link.scheme || self.text[link.range.clone()].contains('/'))
        })
    }

    /// The address of a wallet at `start`, judged as it stands in the text as given: its letters are no words.
    fn wallet(&self, start: usize) -> Option<Hit> {
        let length = self.text.as_bytes()[start..]
            .iter()
            .take(wallet::LONGEST + 1)
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
        if length + 8 < wallet::SHORTEST {
            return None;
        }
        let range = start..start + length;
        let given = &self.given[self.normalized.span_of(range.clone()).range()];
        wallet::is_address(given).then(|| Hit::new(IndicatorKind::Crypto, given.to_owned(), range))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<(IndicatorKind, String)> {
        indicators(text).into_iter().map(|i| (i.kind, i.value)).collect()
    }

    #[test]
    fn finds_what_there_is_to_freeze() {
        use IndicatorKind::{Account, Amount, Code, Email, LineId, NationalId, Phone, Ussd};
        for (text, kind, value) in [
            ("โทร 02-888-8888 กด 1", Phone, "+6628888888"),
            ("ติดต่อ+66 81 234 5678", Phone, "+66812345678"),
            ("แจ้งสายด่วน โทร 1441", Phone, "1441"),
            ("เข้าบัญชีกสิกร 012-3-45678-9", Account, "0123456789"),
            ("เลขบัตร 1-1017-00230-70-8", NationalId, "1xxxxxxxxx708"),
            ("แอดไลน์ @ufa888", LineId, "@ufa888"),
            ("Line ID: somchai_99", LineId, "somchai_99"),
            ("write to Info@Example.co.th.", Email, "info@example.co.th"),
            ("กด *155*34# โทรออก", Ussd, "*155*34#"),
            ("ได้รับ ๕,๐๐๐ บาท", Amount, "5000 THB"),
            ("Pay $12.50 now", Amount, "12.50 USD"),
            ("รหัส OTP ของคุณคือ 482910", Code, "482910"),
            ("482910 is your code", Code, "482910"),
        ] {
            assert!(found(text).contains(&(kind, value.into())), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn dates_times_and_references_are_nothing() {
        for text in ["วันที่ 03/01/2568 เวลา 10.30 น.", "Ref 515488203391 on 03Jun25", "iPhone 15", ""]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }

    /// Text in which numbers, cues and signs meet in any order.
    fn tricky() -> impl Strategy<Value = String> {
        let words = [
            "โทร",
            "บัญชี",
            "กสิกร",
            "พร้อมเพย์",
            "line",
            "id",
            "ไลน์",
            ":",
            "@",
            "telegram",
            "whatsapp",
            "otp",
            "บาท",
            "แสน",
            "฿",
            "P",
            "k",
            "+66",
            "081-234-5678",
            "123-4-56789-0",
            "1101700230708",
            "G-",
            "*139#",
            "a@b.co",
            "bit.ly/x",
            "หมู่",
            " ",
            "\u{200B}",
            "O",
            "(",
            ")",
            "-",
            ".",
            "0x",
            "bc1",
        ];
        let piece = prop_oneof![
            prop::sample::select(words.to_vec()).prop_map(String::from),
            "[0-9]{1,6}",
            "[ -~]{1,2}",
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn spans_are_in_bounds_in_order_and_apart(text in tricky()) {
            let mut end = 0;
            for found in indicators(&text) {
                let span = found.span;
                prop_assert!(span.start >= end && span.start < span.end, "{found:?} in {text:?}");
                prop_assert!(text.get(span.range()).is_some());
                prop_assert!(!found.value.is_empty());
                end = span.end;
            }
            let mut end = 0;
            for link in crate::links(&text) {
                prop_assert!(link.span.start >= end && link.span.start < link.span.end);
                prop_assert_eq!(text.get(link.span.range()), Some(link.text.as_str()));
                end = link.span.end;
            }
        }
    }

    /// If any of these took time in the square of its length, the test would not end.
    #[test]
    fn texts_built_to_be_slow_are_not() {
        for part in [
            "@line ",
            "@",
            "line:",
            "ไลน์ id ",
            "1 ",
            "1-",
            "12",
            "โทร ",
            "โทร 1 ",
            "add line",
            "a@",
            "0x1",
            "(",
            "*1",
            "+6 ",
            "P1",
            "฿ ",
            "พร้อมเพย์ ",
            "telegram : ",
            "กสิกร ",
            "a.co ",
            "http://a.co/http://",
            "bc1",
            "G-1 ",
        ] {
            let long = part.repeat(1_000_000 / part.len());
            assert!(indicators(&long).len() <= MAX_INDICATORS);
            assert!(crate::links(&long).len() <= crate::MAX_LINKS);
        }
    }

    #[test]
    fn national_ids_are_masked_everywhere() {
        let id = &indicators("บัตร 1101700230708")[0];
        assert!(!id.text.contains("1700") && !id.value.contains("1700"));
    }
}
