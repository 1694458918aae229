//! Whatever text comes in: no panic, and each indicator stands where it says, behind the one before.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for indicator in ruthan::indicators(text) {
        assert!(text.get(indicator.span.range()).is_some());
        assert!(!indicator.value.is_empty());
        assert!(indicator.span.start >= end);
        end = indicator.span.end;
    }
});
