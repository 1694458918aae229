//! What of a message stays the same throughout a campaign: its words, without what is filled in.

use ruthan::{Indicator, Link, Span};

/// The mark that stands for a link.
const LINK: char = '¤';

/// The words of a message: links are `¤`, numbers and codes `0`; case, spaces and punctuation are gone, and so is
/// what was done to the text to disguise it.
pub(super) fn words(text: &str, links: &[Link], indicators: &[Indicator]) -> String {
    let cut = cut_out(text, links, indicators);
    let normalized = ruthan::normalize(&cut);
    let mut words = String::with_capacity(normalized.text().len());
    let mut chars = normalized.text().chars().flat_map(char::to_lowercase).peekable();
    while let Some(ch) = chars.next() {
        if ch.is_numeric() {
            words.push('0');
            // `1,000.50` and `081-234-5678` are one number each.
            while chars.next_if(|&ch| ch.is_numeric() || matches!(ch, ',' | '.' | '-')).is_some() {}
        } else if ch.is_alphabetic() || ch == LINK || is_thai_mark(ch) {
            words.push(ch);
        }
    }
    words
}

/// The text with marks in place of links and indicators. Places that do not fit the text are passed over: they come
/// out of files.
fn cut_out(text: &str, links: &[Link], indicators: &[Indicator]) -> String {
    let mut places: Vec<(Span, char)> = links
        .iter()
        .map(|link| (link.span, LINK))
        .chain(indicators.iter().map(|indicator| (indicator.span, '0')))
        .collect();
    places.sort_unstable();
    let mut cut = String::with_capacity(text.len());
    let mut at = 0;
    for (span, mark) in places {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(before) = text.get(at..start).filter(|_| text.get(start..end).is_some()) else {
            continue;
        };
        cut.push_str(before);
        cut.extend([' ', mark, ' ']);
        at = end;
    }
    cut.push_str(&text[at..]);
    cut
}

/// Vowels and tone marks above and below, which Unicode does not count as letters.
const fn is_thai_mark(ch: char) -> bool {
    matches!(ch, '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        words(text, &ruthan::links(text), &ruthan::indicators(text))
    }

    #[test]
    fn what_is_filled_in_does_not_show() {
        let a =
            "KBank: ยอดเงิน 1,500.00 บาท โอนเข้าบัญชี 123-4-56789-0 ดูที่ https://kbank.th-line.cc/7qP";
        let b = "kbank ยอดเงิน 20 บาท  โอนเข้าบัญชี 987-6-54321-0 ดูที่ kbank.vip-th.cc/aa!";
        assert_eq!(of(a), of(b));
        assert_eq!(of("รับโบ\u{200B}นัส ส ล็ อ ต ฟ รี"), of("รับโบนัสสล็อตฟรี"));
        assert_ne!(of("ยอดเงินเข้า 500 บาท"), of("ยอดเงินออก 500 บาท"));
    }

    #[test]
    fn places_that_do_not_fit_are_passed_over() {
        let links = ruthan::links("ก https://abcq1.com/x");
        assert_eq!(words("กขค", &links, &[]), "กขค");
        assert_eq!(words("", &links, &[]), "");
    }
}
