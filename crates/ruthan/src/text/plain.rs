//! A glance that lets plain ASCII pass the chain of steps: most English messages hold nothing to undo.

/// Whether no step of the chain would change `text`: it is ASCII, its spaces are tidy, and nothing in it stands where a
/// trick would stand. A trick may be suspected where there is none; one that is there is never passed over.
///
/// One look at each byte and its neighbours.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut run = 0;
    let mut before = b'\n';
    for (at, &byte) in bytes.iter().enumerate() {
        run = if byte == before { run + 1 } else { 1 };
        if !is_printed(byte) || (run > 1 && is_suspect_run(byte, run)) || joins(before, byte) {
            return false;
        }
        if is_mark(byte) && is_suspect_mark(bytes, at) {
            return false;
        }
        before = byte;
    }
    // Spaces at the ends would be dropped: the first byte follows a line break, as far as `joins` can see.
    before != b' ' && (before != b'\n' || bytes.is_empty())
}

/// Printable ASCII, spaces and line breaks.
const fn is_printed(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n')
}

/// Runs that are cut short (see `spacing::collapse_repeats`) or part of a scheme (`hxxp`, `h**p`).
const fn is_suspect_run(byte: u8, run: usize) -> bool {
    matches!(byte, b'x' | b'X' | b'*') || (run > 3 && !byte.is_ascii_digit())
}

/// Two bytes side by side of which a step may make something: a space beside a space, a digit or sign beside a letter.
const fn joins(before: u8, byte: u8) -> bool {
    match (before, byte) {
        (b'$' | b'@' | b'!' | b'+' | b'|' | b'0'..=b'9', next) if next.is_ascii_alphabetic() => {
            true
        }
        (last, b'$' | b'@' | b'+' | b'|' | b'0'..=b'9') if last.is_ascii_alphabetic() => true,
        pair => matches!(
            pair,
            (b' ' | b'\n', b' ' | b'\n')
                | (b',', b'O' | b'o' | b'I' | b'l')
                | (b'O' | b'o' | b'I' | b'l', b',')
                | (b'I' | b'l', b'O')
                | (b'\'', b'/')
        ),
    }
}

/// What stands between letters or digits spaced apart, or in a link written otherwise.
const fn is_mark(byte: u8) -> bool {
    matches!(byte, b' ' | b'.' | b'-' | b'_' | b'*' | b'[' | b'(' | b'{' | b'/')
}

/// Whether the mark at `at` may be part of a trick.
fn is_suspect_mark(bytes: &[u8], at: usize) -> bool {
    let behind = |distance: usize| at.checked_sub(distance).map(|i| bytes[i]);
    let ahead = |distance: usize| bytes.get(at + distance).copied();
    let letter = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_alphabetic());
    let part = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric());
    match bytes[at] {
        b'[' | b'(' | b'{' => matches!(ahead(1), Some(b'.' | b':' | b'd' | b'D' | b'a' | b'A')),
        // `https:/x`, `https:// x`
        b'/' => {
            (behind(1) == Some(b':') && ahead(1) != Some(b'/'))
                || (behind(1) == Some(b'/') && behind(2) == Some(b':') && ahead(1) == Some(b' '))
        }
        // `bit . ly`
        b'.' if behind(1) == Some(b' ') && ahead(1) == Some(b' ') => true,
        mark => {
            // `x y z`: the second of two like marks with one letter between, and single letters on both sides.
            let spaced = behind(2) == Some(mark)
                && letter(behind(1))
                && letter(behind(3))
                && !part(behind(4))
                && letter(ahead(1))
                && !part(ahead(2));
            let digits = mark == b' '
                && behind(1).is_some_and(|b| b.is_ascii_digit())
                && ahead(1).is_some_and(|b| b.is_ascii_digit() || b == b',');
            // `bad dot com`
            let spelled = mark == b' '
                && bytes[..at]
                    .last_chunk()
                    .is_some_and(|w: &[u8; 3]| w.eq_ignore_ascii_case(b"dot"));
            spaced || digits || spelled
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{normalize, normalize_in_steps};

    #[test]
    fn ordinary_messages_are_plain() {
        for text in [
            "",
            "Hi, it's me.",
            "Your parcel will be delivered today between 10:00 and 12:00. We can leave it with a neighbour.",
            "Balance: $20.50 (see https://www.dbs.com.sg/help)\nThank you",
            "A. B. and C. are a team, as I am.",
        ] {
            assert!(is_plain(text), "{text}");
        }
    }

    #[test]
    fn tricks_are_not() {
        for text in [
            " a",
            "a ",
            "a  b",
            "a\tb",
            "a\u{0}b",
            "noooo",
            "f r e e",
            "f.r.e.e",
            "1 8 0 0 0",
            "b0nus",
            "bonu$",
            "18O,OOO",
            "25o'/.",
            "hxxp://a.com",
            "h**p://a.com",
            "https:/a.com",
            "a[.]com",
            "a(dot)com",
            "a dot com",
            "adot com",
            "ฟรี",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// What is plain goes through the steps unchanged.
        #[test]
        fn no_step_would_change_what_is_plain(
            text in prop::collection::vec(
                prop_oneof![
                    "[a-zA-Z0-9]{1,3}",
                    "[ -~]",
                    prop::sample::select(vec![" ", ".", "a ", "-", "dot", "com", "http", "hxxp", ":/", "/", "free", "[.]", "0", "\n", "I", "OO", "'/."])
                        .prop_map(String::from),
                ],
                0..16,
            ).prop_map(|parts| parts.concat())
        ) {
            if is_plain(&text) {
                let normalized = normalize_in_steps(&text);
                prop_assert_eq!(normalized.text(), text.as_str());
                prop_assert_eq!(normalized.changes(), []);
            }
            // Either way is the same way, spans and all.
            let (short, long) = (normalize(&text), normalize_in_steps(&text));
            prop_assert_eq!(short.text(), long.text());
            prop_assert_eq!(short.changes(), long.changes());
            prop_assert_eq!(short.pieces(), long.pieces());
        }
    }
}
