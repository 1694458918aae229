//! Whatever text comes in: no panic, and each link stands where it says, with a host.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for link in ruthan::links(text) {
        assert_eq!(text.get(link.span.range()), Some(link.text.as_str()));
        assert!(!link.host.is_empty() && !link.evidence.is_empty());
        assert!(link.span.start >= end);
        end = link.span.end;
    }
});
