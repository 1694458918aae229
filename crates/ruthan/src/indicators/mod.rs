//! The second stage, too: find what an investigator freezes, blocks or links cases by.

use serde::{Deserialize, Serialize};

use crate::text::{Normalized, Span, normalize};

/// The most indicators that are handed out for one message.
pub const MAX_INDICATORS: usize = 64;
/// How many bytes before a number are looked at for what it is.
const CONTEXT: usize = 60;

/// What an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IndicatorKind {
    /// A telephone number, in `+` form; Thai hotlines as dialled.
    Phone,
    /// A bank account number, digits only.
    Account,
    /// A number with the form and checksum of a Thai national ID; masked.
    NationalId,
    /// A LINE ID.
    LineId,
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
    /// Where it stands in the text as given.
    pub span: Span,
}

/// Finds the indicators of a message other than its links. Linear time; at most [`MAX_INDICATORS`].
///
/// ```
/// use ruthan::IndicatorKind;
///
/// let found = ruthan::indicators("โอน 5,000 บาท เข้าบัญชี 123-4-56789-0 โทร 081-234-5678");
/// assert_eq!(found[0].kind, IndicatorKind::Amount);
/// assert_eq!(found[1].value, "1234567890");
/// assert_eq!(found[2].value, "+66812345678");
/// ```
pub fn indicators(text: &str) -> Vec<Indicator> {
    let normalized = normalize(text);
    find(&normalized, text, &crate::links::find::find(normalized.text()))
}

/// Finds the indicators of a normalised message outside of its links.
pub(crate) fn find(
    normalized: &Normalized,
    given: &str,
    links: &[crate::links::find::Found],
) -> Vec<Indicator> {
    let text = normalized.text();
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut i = 0;
    while i < bytes.len() && found.len() < MAX_INDICATORS {
        if let Some(link) = links.iter().find(|link| link.range.contains(&i)) {
            i = link.range.end;
            continue;
        }
        let hit = match bytes[i] {
            b'0'..=b'9' | b'+' => number(text, i),
            b'*' => ussd(text, i),
            b'@' => email(text, i).or_else(|| handle(text, i)),
            b'l' | b'L' | 0xE0 => line_id(text, i),
            _ => None,
        };
        let Some(Hit { kind, value, range }) = hit else {
            i += 1;
            // A number that is nothing is passed over whole.
            while bytes[i - 1].is_ascii_digit() && bytes.get(i).is_some_and(u8::is_ascii_digit) {
                i += 1;
            }
            continue;
        };
        i = range.end.max(i + 1);
        if let Some(kind) = kind {
            let span = normalized.span_of(range);
            let text = if kind == IndicatorKind::NationalId {
                value.clone()
            } else {
                given[span.range()].to_owned()
            };
            found.push(Indicator { kind, value, text, span });
        }
    }
    found
}

/// Something found: no kind means that it is known to be nothing, and is passed over.
struct Hit {
    kind: Option<IndicatorKind>,
    value: String,
    range: std::ops::Range<usize>,
}

/// The text before `at` in lower case, as far as it may say what a number is.
fn before(text: &str, at: usize) -> String {
    let mut from = at.saturating_sub(CONTEXT);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text[from..at].to_lowercase()
}

/// Reads a number with its separators at `start` and says what it is.
fn number(text: &str, start: usize) -> Option<Hit> {
    let bytes = text.as_bytes();
    if start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'.') {
        return None;
    }
    let plus = bytes[start] == b'+';
    let mut digits = String::new();
    let mut end = start + usize::from(plus);
    let mut separators = String::new();
    while let Some(&byte) = bytes.get(end) {
        if byte.is_ascii_digit() {
            digits.push(byte as char);
            end += 1;
        } else if matches!(byte, b'-' | b' ' | b',' | b'.')
            && digits.len() < 20
            && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
            && (byte != b' ' || separators.chars().all(|s| s == ' ' || s == '-'))
        {
            separators.push(byte as char);
            end += 1;
        } else {
            break;
        }
    }
    let range = start..end;
    let context = before(text, start);
    let hit = |kind, value| Some(Hit { kind: Some(kind), value, range: range.clone() });
    if let Some(currency) = currency(text, &range, &context)
        && !plus
        && !separators.contains('-')
    {
        let amount: String =
            text[range.clone()].chars().filter(|ch| ch.is_ascii_digit() || *ch == '.').collect();
        return hit(IndicatorKind::Amount, format!("{amount} {currency}"));
    }
    let says = |words: &[&str]| words.iter().any(|word| context.contains(word));
    if digits.len() == 13 && !plus && is_national_id(&digits) {
        return hit(
            IndicatorKind::NationalId,
            format!("{}-xxxx-xxxxx-xx-{}", &digits[..1], &digits[12..]),
        );
    }
    if separators.contains([',', '.']) {
        return Some(Hit { kind: None, value: String::new(), range: range.clone() });
    }
    if let Some(phone) = phone(&digits, plus) {
        let account = says(&["บัญชี", "พร้อมเพย์", "account no", "a/c"])
            && !says(&["โทร", "ติดต่อ", "call", "tel"]);
        return if account
            && !phone.starts_with("+668")
            && !phone.starts_with("+669")
            && !phone.starts_with("+666")
        {
            hit(IndicatorKind::Account, digits)
        } else {
            hit(IndicatorKind::Phone, phone)
        };
    }
    if (10..=15).contains(&digits.len())
        && !plus
        && says(&["บัญชี", "เลขที่", "account", "acct", "a/c", "โอน"])
    {
        return hit(IndicatorKind::Account, digits);
    }
    let tells_code = says(&["otp", "รหัส", "code", "passcode", "pin", "password"]);
    let after: String = text[end..].chars().take(32).collect::<String>().to_lowercase();
    if (4..=8).contains(&digits.len())
        && separators.is_empty()
        && (tells_code || after.contains(" is your") || after.contains("คือรหัส"))
    {
        return hit(IndicatorKind::Code, digits);
    }
    if digits.len() == 4
        && digits.starts_with('1')
        && says(&["โทร", "สายด่วน", "ติดต่อ", "call", "hotline"])
    {
        return hit(IndicatorKind::Phone, digits);
    }
    Some(Hit { kind: None, value: String::new(), range: range.clone() })
}

/// The currency written right before or after a number.
fn currency(text: &str, range: &std::ops::Range<usize>, before: &str) -> Option<&'static str> {
    const AFTER: &[(&str, &str)] = &[
        ("บาท", "THB"),
        ("บ.", "THB"),
        ("baht", "THB"),
        ("thb", "THB"),
        ("฿", "THB"),
        ("usd", "USD"),
        ("usdt", "USDT"),
        ("dollars", "USD"),
        ("pounds", "GBP"),
        ("rupees", "INR"),
        ("sgd", "SGD"),
        ("euro", "EUR"),
        ("pesos", "PHP"),
    ];
    const BEFORE: &[(&str, &str)] = &[
        ("฿", "THB"),
        ("thb", "THB"),
        ("s$", "SGD"),
        ("sgd", "SGD"),
        ("a$", "AUD"),
        ("us$", "USD"),
        ("$", "USD"),
        ("£", "GBP"),
        ("€", "EUR"),
        ("rs", "INR"),
        ("rs.", "INR"),
        ("inr", "INR"),
        ("₹", "INR"),
        ("php", "PHP"),
        ("₱", "PHP"),
    ];
    let rest: String = text[range.end..].chars().take(9).collect::<String>().to_lowercase();
    let rest = rest.trim_start();
    let lead = before.trim_end();
    AFTER
        .iter()
        .find(|(word, _)| rest.starts_with(word))
        .or_else(|| BEFORE.iter().find(|(word, _)| lead.ends_with(word)))
        .map(|&(_, code)| code)
}

/// The number in `+` form if it has the shape of a telephone number.
fn phone(digits: &str, plus: bool) -> Option<String> {
    if plus {
        return (8..=15).contains(&digits.len()).then(|| format!("+{digits}"));
    }
    let thai = match digits.len() {
        10 => digits.starts_with("06") || digits.starts_with("08") || digits.starts_with("09"),
        9 => digits.starts_with('0') && matches!(digits.as_bytes()[1], b'2'..=b'7'),
        _ => false,
    };
    if thai {
        return Some(format!("+66{}", &digits[1..]));
    }
    let free = digits.len() == 10 && (digits.starts_with("1800") || digits.starts_with("1900"));
    (free || (digits.len() == 11 && digits.starts_with("668")))
        .then(|| if free { digits.to_owned() } else { format!("+{digits}") })
}

/// Whether thirteen digits carry the check digit of a Thai national ID (weights 13 to 2, modulo 11).
fn is_national_id(digits: &str) -> bool {
    let values: Vec<u32> = digits.chars().filter_map(|ch| ch.to_digit(10)).collect();
    let sum: u32 =
        values.iter().take(12).zip((2..=13).rev()).map(|(digit, weight)| digit * weight).sum();
    values.len() == 13 && (1..=8).contains(&values[0]) && (11 - sum % 11) % 10 == values[12]
}

/// A code to dial: `*139#`, `*123*4#`.
fn ussd(text: &str, start: usize) -> Option<Hit> {
    let bytes = text.as_bytes();
    let length =
        bytes[start..].iter().take(24).take_while(|b| b.is_ascii_digit() || **b == b'*').count();
    let end = start + length + 1;
    let dialled = bytes.get(end - 1) == Some(&b'#') && length > 2;
    dialled.then(|| Hit {
        kind: Some(IndicatorKind::Ussd),
        value: text[start..end].to_owned(),
        range: start..end,
    })
}

/// An e-mail address around the `@` at `at`.
fn email(text: &str, at: usize) -> Option<Hit> {
    let bytes = text.as_bytes();
    let local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+' | b'%');
    let domain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let start = at - bytes[..at].iter().rev().take(64).take_while(|b| local(b)).count();
    let end = at + 1 + bytes[at + 1..].iter().take(253).take_while(|b| domain(b)).count();
    let host = text[at + 1..end].trim_end_matches(['.', '-']);
    let valid = start < at
        && host.contains('.')
        && !host.starts_with('.')
        && psl::domain_str(host).is_some();
    let end = at + 1 + host.len();
    valid.then(|| Hit {
        kind: Some(IndicatorKind::Email),
        value: text[start..end].to_ascii_lowercase(),
        range: start..end,
    })
}

/// A LINE official handle: `@name` after a word that speaks of LINE.
fn handle(text: &str, at: usize) -> Option<Hit> {
    let context = before(text, at);
    let speaks = ["line", "ไลน์", "ไลน", "แอด", "add"].iter().any(|word| context.contains(word));
    let length =
        text.as_bytes()[at + 1..].iter().take(32).take_while(|b| is_handle_byte(**b)).count();
    (speaks && length >= 3).then(|| {
        let range = at..at + 1 + length;
        Hit {
            kind: Some(IndicatorKind::LineId),
            value: text[range.clone()].to_ascii_lowercase(),
            range,
        }
    })
}

const fn is_handle_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// A LINE ID after `line id`, `id line`, `ไอดีไลน์` and the like.
fn line_id(text: &str, start: usize) -> Option<Hit> {
    const LEADS: &[&str] = &[
        "line id",
        "line:",
        "line :",
        "lineid",
        "ไลน์ไอดี",
        "ไอดีไลน์",
        "แอดไลน์",
        "ไลน์ id",
        "ไลน์:",
        "line@",
    ];
    let rest = text.get(start..)?;
    let lead = LEADS
        .iter()
        .find(|lead| rest.get(..lead.len()).is_some_and(|r| r.eq_ignore_ascii_case(lead)))?;
    let from = start + lead.len();
    let skipped = text[from..].find(|ch: char| !matches!(ch, ' ' | ':' | '='))?;
    let from = from + skipped;
    let length = text.as_bytes()[from..]
        .iter()
        .take(32)
        .take_while(|b| is_handle_byte(**b) || **b == b'@')
        .count();
    let value = text[from..from + length].trim_end_matches(['.', '-']).to_ascii_lowercase();
    (value.len() >= 4).then(|| Hit {
        kind: Some(IndicatorKind::LineId),
        range: from..from + value.len(),
        value,
    })
}

#[cfg(test)]
mod tests {
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
            ("เลขบัตร 1-1017-00230-70-8", NationalId, "1-xxxx-xxxxx-xx-8"),
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

    #[test]
    fn national_ids_are_masked_everywhere() {
        let id = &indicators("บัตร 1101700230708")[0];
        assert!(!id.text.contains("1700") && !id.value.contains("1700"));
    }
}
