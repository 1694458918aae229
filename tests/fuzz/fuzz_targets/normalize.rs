//! Whatever text comes in: no panic, spans within the text and in order, bounded output, and the result is stable.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let normalized = ruthan::normalize(text);
    assert!(normalized.text().len() <= 4 * text.len());
    for change in normalized.changes() {
        assert!(text.get(change.span.range()).is_some());
        let _ = normalized.text_of(change.span);
    }
    let whole = normalized.span_of(0..normalized.text().len());
    assert!(text.get(whole.range()).is_some());
    assert_eq!(ruthan::normalize(normalized.text()).text(), normalized.text());
});
