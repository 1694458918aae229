//! Amounts of money: numbers with a currency before or behind them.

use super::number::MOST_DIGITS;
use super::phone::Home;
use super::{Hit, IndicatorKind, Reader};
use crate::lists::Word;

impl Reader<'_> {
    /// Whether a currency that is written before its number ends at `start`, its letters touching the number.
    pub(super) fn currency_ends(&self, start: usize) -> bool {
        self.lists.money.before(&self.text[self.done..start]).is_some()
    }

    /// The amount whose number starts at `start`.
    pub(super) fn amount(&self, start: usize) -> Option<Hit> {
        let bytes = self.text.as_bytes();
        let end = self.end_of_number(start)?;
        // A sign that belongs to the amount before is not this one's: `5฿ 10`.
        let lead = &self.text[self.done..start];
        let lead = lead.strip_suffix(' ').unwrap_or(lead);
        let before = self.lists.money.before(lead);
        let (factor, number_end) = self.factor(end);
        // `p100 million` is money; `p100` alone may be a page, unless pesos are spoken of.
        let told = factor > 1 || self.around.home == Home::Philippines;
        let before = before.filter(|(word, _)| told || !word.is_small_letter());
        // `100 m บาท` is no hundred millions where no currency follows: then what looked like a multiplier was none.
        let (factor, number_end, behind) = match self.currency_behind(number_end) {
            None if before.is_none() => (1, end, self.currency_behind(end)),
            behind => (factor, number_end, behind),
        };
        let from = before.map_or(start, |(_, length)| self.done + lead.len() - length);
        // `$50 USDT`: what stands behind says more.
        let (word, to) = behind.or(before.map(|(word, _)| (word, number_end)))?;
        // `RM123456785GB`
        if to == number_end && bytes.get(to).is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        let value = value(&self.text[start..end], factor, word.cents)?;
        Some(Hit::new(IndicatorKind::Amount, format!("{value} {}", word.code), from..to))
    }

    /// Where the number at `start` ends, its commas and points included; `None` if it is too long for one.
    fn end_of_number(&self, start: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[start..];
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let length = (0..=2 * MOST_DIGITS)
            .take_while(|&at| {
                digit(at) || (matches!(bytes.get(at), Some(b',' | b'.')) && digit(at + 1))
            })
            .count();
        (digit(0) && length <= 2 * MOST_DIGITS).then_some(start + length)
    }

    /// `at`, or behind the space that stands there.
    fn behind_space(&self, at: usize) -> usize {
        at + usize::from(self.text.as_bytes().get(at) == Some(&b' '))
    }

    /// What the word at `end` multiplies a number by, and where it ends: `5k`, `5 แสน`.
    fn factor(&self, end: usize) -> (u64, usize) {
        let at = self.behind_space(end);
        match self.lists.money.multiplier(&self.text[at..]) {
            // A single letter stands right behind its number.
            Some((factor, length)) if length > 1 || at == end => (factor, at + length),
            _ => (1, end),
        }
    }

    /// The currency behind a number that ends at `end`, and where it ends.
    fn currency_behind(&self, end: usize) -> Option<(&Word, usize)> {
        let at = self.behind_space(end);
        let text = &self.text[at..];
        // `150p per msg` is pence, and `p` beside pesos is pesos.
        let rest = text.get(1..).unwrap_or("");
        let rated = ["/", " per ", "pm", " a ", " each"].iter().any(|sign| rest.starts_with(sign));
        let cents = match self.around.home {
            Home::Britain => Some(true),
            Home::Philippines => Some(false),
            Home::Unknown => rated.then_some(true),
        };
        self.lists.money.after(text, cents).map(|(word, length)| (word, at + length))
    }
}

/// The value of a number with commas and a decimal point, times `factor`; of hundredths if `cents`.
fn value(written: &str, factor: u64, cents: bool) -> Option<String> {
    let plain: String = written.chars().filter(|ch| *ch != ',').collect();
    let (units, decimals) = match plain.split_once('.') {
        // `1.000`: three digits are no decimals of money, so the point parts thousands.
        Some((units, decimals)) if decimals.len() == 3 && !decimals.contains('.') => {
            (format!("{units}{decimals}"), "")
        }
        Some((_, decimals)) if decimals.contains('.') => return None,
        Some((units, decimals)) => (units.to_owned(), decimals),
        None => (plain.clone(), ""),
    };
    if factor == 1 && !cents {
        return Some(if decimals.is_empty() { units } else { format!("{units}.{decimals}") });
    }
    let scale = 10u128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let whole: u128 = format!("{units}{decimals}").parse().ok()?;
    let value = whole.checked_mul(u128::from(factor))?;
    if cents {
        return (scale == 1).then(|| format!("{}.{:02}", value / 100, value % 100));
    }
    let (units, rest) = (value / scale, value % scale);
    let decimals = format!("{rest:0width$}", width = decimals.len());
    let decimals = decimals.trim_end_matches('0');
    Some(if rest == 0 { units.to_string() } else { format!("{units}.{decimals}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exact() {
        for (written, factor, cents, expected) in [
            ("1,850", 1, false, Some("1850")),
            ("12.50", 1, false, Some("12.50")),
            ("1,50,000", 1, false, Some("150000")),
            ("1.000", 1, false, Some("1000")),
            ("1.5", 1_000_000, false, Some("1500000")),
            ("1.2345", 1_000, false, Some("1234.5")),
            ("150", 1, true, Some("1.50")),
            ("1.5", 1, true, None),
            ("1.2.3", 1, false, None),
        ] {
            assert_eq!(value(written, factor, cents).as_deref(), expected, "{written}");
        }
    }
}
