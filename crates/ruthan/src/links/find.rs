//! Finds links in running text: with or without a scheme, glued to Thai on either side.

use std::ops::Range;

use crate::lists::Lists;
use crate::text::thai_chars;

/// A link as it stands in the normalised text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The bytes of the normalised text.
    pub(crate) range: Range<usize>,
    /// Whether a scheme was written.
    pub(crate) scheme: bool,
}

/// No host name is longer (RFC 1035).
const MAX_HOST: usize = 253;
/// A Thai label before `.com` is at most this long; more is a sentence.
const MAX_THAI_LABEL: usize = 120;

/// Finds the links of `text`, in order, without overlap. Linear time.
pub(crate) fn find(text: &str, lists: &Lists) -> Vec<Found> {
    let mut links = Vec::new();
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if !is_url_byte(bytes[i]) {
            i += 1;
            continue;
        }
        let end = i + bytes[i..].iter().take_while(|&&b| is_url_byte(b)).count();
        if memchr::memchr(b'.', &bytes[i..end]).is_some()
            || (end < bytes.len() && has_scheme(&text[i..end]))
        {
            find_in_run(text, i..end, lists, &mut links);
        }
        i = links.last().map_or(end, |link: &Found| link.range.end.max(end));
    }
    links
}

/// The bytes of which links are made; a run of others ends every link.
const fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

fn has_scheme(run: &str) -> bool {
    run.contains("://")
}

/// Finds the links within one run of link characters.
fn find_in_run(text: &str, run: Range<usize>, lists: &Lists, links: &mut Vec<Found>) {
    let mut at = run.start;
    while at < run.end {
        let rest = &text[at..run.end];
        if let Some(start) = scheme_start(rest) {
            // What stands before the scheme may be a link of its own: `bit.ly/x,https://…`.
            find_without_scheme(text, at..at + start, lists, links);
            let start = at + start;
            let body = start + text[start..].find("://").map_or(0, |p| p + 3);
            let end = end_of_link(text, body, run.end);
            if is_plausible_authority(&text[body..end]) {
                links.push(Found { range: start..end, scheme: true });
            }
            at = end.max(body);
        } else {
            find_without_scheme(text, at..run.end, lists, links);
            return;
        }
    }
}

/// Where `http://`, `https://` or `ftp://` starts in `run`, letter case ignored.
fn scheme_start(run: &str) -> Option<usize> {
    let colon = run.find("://")?;
    ["https", "http", "ftp"].into_iter().find_map(|scheme| {
        let start = colon.checked_sub(scheme.len())?;
        run.get(start..colon)?.eq_ignore_ascii_case(scheme).then_some(start)
    })
}

/// Where a link that starts before `body` ends: a host may hold letters of any script, a path ends at the first of them.
fn end_of_link(text: &str, body: usize, run_end: usize) -> usize {
    let mut end = run_end;
    let path = text[body..run_end].find(['/', '?', '#']);
    let next = text[run_end..].chars().next();
    if path.is_none() && next.is_some_and(char::is_alphanumeric) {
        let stop = |ch: char| ch.is_whitespace() || matches!(ch, '/' | '?' | '#' | '"' | '<' | '>');
        let host = text[body..].find(stop).unwrap_or(text.len() - body);
        let label = &text[body..body + host];
        let written = &text[body..run_end];
        // Thai right behind a host is the sentence going on, unless the host has no point yet or a Latin ending follows.
        let thai = next.is_some_and(thai_chars::is_letter_or_mark);
        let ending = label.rsplit('.').next().unwrap_or("");
        let latin_ending = ending.len() >= 2 && ending.bytes().all(|b| b.is_ascii_alphanumeric());
        let goes_on = !thai || !written.contains('.') || (written.ends_with('.') && latin_ending);
        if goes_on && label.contains('.') && label.len() <= MAX_HOST {
            let rest = body + host;
            let tail = text[rest..].bytes().take_while(|&b| is_url_byte(b)).count();
            end = rest + tail;
        }
    }
    trim_end(text, body, end)
}

/// Drops the punctuation of the sentence from the end of a link; closing brackets stay if they were opened within.
fn trim_end(text: &str, start: usize, mut end: usize) -> usize {
    while end > start {
        let link = &text[start..end];
        let last = link.as_bytes()[link.len() - 1];
        let trim = match last {
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b'~' | b'(' | b'[' => true,
            b')' => !balanced(link, b'(', b')'),
            b']' => !balanced(link, b'[', b']'),
            _ => false,
        };
        if !trim {
            break;
        }
        end -= 1;
    }
    end
}

fn balanced(link: &str, open: u8, close: u8) -> bool {
    // Long heaps of brackets are no link's; looking at the first kilobyte keeps the time linear.
    let count = |b| memchr::memchr_iter(b, &link.as_bytes()[..link.len().min(1024)]).count();
    count(open) >= count(close)
}

/// Whether what follows a scheme can be a host: it has a dot between labels, or a path behind a name.
fn is_plausible_authority(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    if !host.contains('.') {
        let path = rest.len() > host.len() + 1 && rest.as_bytes()[host.len()] == b'/';
        return path
            && host.len() > 1
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    }
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host);
    host.len() <= 4 * MAX_HOST
        && host.split('.').count() >= 2
        && host.split('.').all(|label| !label.is_empty())
}

/// Finds links that have no scheme in `range`.
fn find_without_scheme(text: &str, range: Range<usize>, lists: &Lists, links: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let host_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let mut i = range.start;
    while i < range.end {
        if !host_byte(bytes[i]) {
            i += 1;
            continue;
        }
        let end = i + bytes[i..range.end].iter().take_while(|&&b| host_byte(b)).count();
        let next = bytes.get(end).copied().filter(|_| end < range.end);
        let path = matches!(next, Some(b'/' | b'?' | b'#'))
            || (next == Some(b':') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit));
        // `name@host` and `@host` are addresses and handles.
        let address = next == Some(b'@') || (i > 0 && bytes[i - 1] == b'@');
        let free = links.last().map_or(0, |link| link.range.end);
        if !address && let Some(start) = host_start(text, i..end, free, path, lists) {
            let stop = if path { range.end } else { end };
            let link_end = trim_end(text, start, stop);
            links.push(Found { range: start..link_end, scheme: false });
            i = link_end.max(end);
        } else {
            i = end;
        }
    }
}

/// Where the host starts if `range` holds one, with its prose neighbours cut off; not before `free`, up to where the link
/// before reaches.
fn host_start(
    text: &str,
    range: Range<usize>,
    free: usize,
    path: bool,
    lists: &Lists,
) -> Option<usize> {
    let run = &text[range.clone()];
    let trimmed = run.trim_start_matches(['.', '-', '_']);
    let mut start = range.end - trimmed.len();
    let host = trimmed.trim_end_matches(['.', '-', '_']);
    if host.len() > MAX_HOST {
        return None;
    }
    // `.com` right after Thai letters: the label is Thai, or Latin with Thai behind it, if it is short and starts after a
    // space.
    if start > range.start && !host.contains('.') && start == range.start + 1 {
        if !matches!(host, "com" | "net" | "th" | "org" | "cc" | "co") {
            return None;
        }
        // No further back than a label is read: without spaces it would be the whole text, again for each host.
        let far = text.ceil_char_boundary(range.start.saturating_sub(4 * MAX_HOST));
        let before = &text[far.max(free)..range.start];
        let label = before.rsplit(char::is_whitespace).next().unwrap_or(before);
        // In `เข้าเว็บscbไทย.com` the host starts at its first Latin letter.
        let latin = label.find(|ch: char| ch.is_ascii_alphanumeric()).unwrap_or(0);
        let label = &label[latin..];
        let fits =
            |ch: char| thai_chars::is_letter_or_mark(ch) || ch.is_ascii_alphanumeric() || ch == '-';
        let thai = label.len() <= MAX_THAI_LABEL
            && label.ends_with(thai_chars::is_letter_or_mark)
            && label.chars().all(fits);
        start = range.start - label.len();
        return thai.then_some(start);
    }
    let mut labels = host.rsplit('.');
    let suffix = labels.next()?;
    let second = labels.next()?;
    if host.split('.').any(str::is_empty) {
        return None;
    }
    let octets = host.split('.').filter(|label| label.parse::<u8>().is_ok()).count();
    if octets == 4 && host.split('.').count() == 4 {
        return path.then_some(start);
    }
    // `it.So call me.In time`: a sentence begins there. `BIT.LY` and `bIt.lY` are hosts.
    let upper = host.bytes().all(|b| !b.is_ascii_lowercase());
    let title = suffix.as_bytes()[0].is_ascii_uppercase()
        && suffix[1..].bytes().all(|b| b.is_ascii_lowercase());
    let letters =
        suffix.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-' || b.is_ascii_digit());
    if !letters || (title && !upper) || suffix.len() < 2 || second.is_empty() {
        return None;
    }
    let host_lower = host.to_ascii_lowercase();
    if ruthan_data::known_suffix(&host_lower).is_none_or(|suffix| suffix == host_lower) {
        return None;
    }
    let www = host_lower.starts_with("www.");
    let word = lists.tables().is_prose(host_lower.rsplit('.').next().unwrap_or(""));
    let plain = host.split('.').count() == 2 && second.bytes().all(|b| b.is_ascii_alphabetic());
    (path || www || !(word && plain)).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text, Lists::embedded()).into_iter().map(|link| &text[link.range]).collect()
    }

    #[test]
    fn finds_links_glued_to_thai() {
        for (text, links) in [
            ("คลิกhttps://bit.ly/3x9ด่วน", &["https://bit.ly/3x9"][..]),
            ("พัสดุของท่าน www.flash.goxth.com", &["www.flash.goxth.com"]),
            ("สมัครที่b76kk.comรับเลย", &["b76kk.com"]),
            ("lin.ee/zOGmYFm  รับโบนัส t67m.com", &["lin.ee/zOGmYFm", "t67m.com"]),
            ("ดูที่ ไทยชนะ.com ครับ", &["ไทยชนะ.com"]),
            ("http://ธนาคาร.com/x จริง", &["http://ธนาคาร.com/x"]),
            (
                "(see https://en.wikipedia.org/wiki/A_(b)).",
                &["https://en.wikipedia.org/wiki/A_(b)"],
            ),
            ("https://a.com/x,https://b.com/y", &["https://a.com/x,https://b.com/y"]),
            ("http://1.2.3.4:8080/a and 10.30 น.", &["http://1.2.3.4:8080/a"]),
            ("mail me at somchai@kbank.com now", &[]),
            ("That is it.So call me.In time. U.S.A. 3.50 e.g. this", &[]),
            ("http://www และ https://www www.111 http://", &[]),
            ("https://user@evil.com/", &["https://user@evil.com/"]),
            ("CLICK BIT.LY/ABC", &["BIT.LY/ABC"]),
            // The second begins where the first ends, though its label could reach further back.
            ("สังคม.coคม.com/", &["สังคม.co", "คม.com/"]),
        ] {
            assert_eq!(found(text), links, "{text}");
        }
    }

    #[test]
    fn a_million_dots_are_no_link() {
        let find = |text: String| find(&text, Lists::embedded());
        assert!(find(".".repeat(1_000_000)).is_empty());
        assert!(find("a.".repeat(500_000)).is_empty());
        assert!(find("http://".repeat(100_000)).is_empty());
    }
}
