//! The report: whatever stands in a message is text in it, and never markup.

use ruthan_report::html::{About, Bar, Judged, Report};

use crate::messages::{classifier, message};

/// The elements of the page itself; whatever else opens would be a message's.
const ELEMENTS: [&str; 6] = ["script", "style", "img", "iframe", "object", "base"];

/// A page of one message, its sender and its file, all of the fuzzer's making, has as many elements of each kind as a
/// page of harmless ones, and nothing that a browser acts on.
pub fn html(bytes: &[u8]) {
    let text = &*message(bytes);
    let middle = (0..=text.len() / 2).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let (sender, file) = text.split_at(middle);
    let page = page(text, sender, file);
    check(&page);
    for element in ELEMENTS {
        let expected = usize::from(matches!(element, "script" | "style"));
        assert_eq!(opened(&page, element), expected, "<{element}>");
    }
}

fn page(text: &str, sender: &str, file: &str) -> String {
    let bar = |score| Bar { score, false_alarm_rate: None };
    let mut report = Report::new(About {
        model: classifier().model().to_owned(),
        program: "0.0".to_owned(),
        suspicious: bar(0.5),
        scam: bar(0.9),
    });
    let mut classification = classifier().classify(text).expect("messages of a fuzzer are short");
    // As an alarm, so that it takes part in campaigns, too.
    classification.verdict = ruthan::Verdict::Scam;
    let (classification, sender, time) = (&classification, Some(sender), None);
    report.add(&Judged { text, classification, sender, time, file, row: 1 });
    report.reject(file, 2, text);
    report.finish()
}

fn opened(page: &str, element: &str) -> usize {
    let tag = format!("<{element}");
    let ends = |rest: &str| rest.starts_with(|ch: char| !ch.is_ascii_alphanumeric());
    page.match_indices(&tag).filter(|(at, _)| ends(&page[at + tag.len()..])).count()
}

/// Walks through the page as a tokeniser does: outside `<script>` and `<style>` every `<` opens a tag whose quotes close,
/// and no tag has a handler or a reference out of the page.
fn check(page: &str) {
    let hidden = |ch: char| ch.is_control() && !matches!(ch, '\n' | '\t');
    assert!(!page.contains(hidden), "a control character");
    assert!(!page.contains(['\u{202A}', '\u{202D}', '\u{202E}', '\u{2067}']), "an override");
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let first = rest.chars().next().expect("a tag has a name");
        assert!(first.is_ascii_alphabetic() || matches!(first, '/' | '!'), "a bare `<`");
        let end = end_of_tag(rest);
        let tag = &rest[..end];
        let spaced = tag.to_ascii_lowercase().replace(['\n', '\t', '/'], " ");
        for (start, _) in spaced.match_indices(" on") {
            // Within a value the quotes before it are odd in number.
            assert!(tag[..start].matches('"').count() % 2 == 1, "a handler");
        }
        for (start, _) in spaced.match_indices("href=\"") {
            assert!(spaced[start + 6..].starts_with('#'), "a link out of the page");
        }
        rest = &rest[end..];
        for raw in ["script", "style"] {
            if tag.starts_with(raw) {
                let close = format!("</{raw}>");
                rest = &rest[rest.find(&close).expect("it is closed") + close.len()..];
            }
        }
    }
}

/// Where a tag ends: the first `>` outside quotes.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    for (at, ch) in tag.char_indices() {
        match ch {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    panic!("a tag is never closed")
}
