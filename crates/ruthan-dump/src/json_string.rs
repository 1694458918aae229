//! JSON strings, in place: decoding without an allocation for each.

use memchr::memchr;

/// Decodes a JSON string, quotes included, onto the end of `out`.
///
/// The string is taken for well formed, as whoever split the line has found it to be; in one that is
/// not, what cannot be decoded is kept as it stands, and half a UTF-16 pair becomes U+FFFD.
/// Takes time linear in the length.
pub(crate) fn decode(token: &str, out: &mut String) {
    let mut rest = token.strip_prefix('"').unwrap_or(token);
    rest = rest.strip_suffix('"').unwrap_or(rest);
    while let Some(at) = next_escape(rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (character, length) = escape(rest).unwrap_or(('\\', 1));
        out.push(character);
        rest = &rest[length..];
    }
    out.push_str(rest);
}

/// Finds the next backslash, at once where escapes follow each other, as in Thai that some program
/// has turned into ASCII.
#[inline]
fn next_escape(text: &[u8]) -> Option<usize> {
    if text.first() == Some(&b'\\') { Some(0) } else { memchr(b'\\', text) }
}

/// Decodes the escape at the start of `text`, and returns its length with it.
fn escape(text: &str) -> Option<(char, usize)> {
    let character = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(text.as_bytes()),
        _ => return None,
    };
    Some((character, 2))
}

/// Decodes `\uXXXX`, or two of them that make up one character.
fn unicode_escape(text: &[u8]) -> Option<(char, usize)> {
    let first = unit(text)?;
    if let Some(character) = char::from_u32(u32::from(first)) {
        return Some((character, 6));
    }
    let pair = unit(&text[6..]).map(|second| char::decode_utf16([first, second]).next());
    match pair {
        Some(Some(Ok(character))) => Some((character, 12)),
        _ => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

/// Reads the UTF-16 unit of the `\uXXXX` at the start of `text`.
fn unit(text: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = text.first_chunk::<6>()? else { return None };
    let mut value = 0;
    for digit in digits {
        let digit = HEX[usize::from(*digit)];
        if digit == NOT_HEX {
            return None;
        }
        value = value << 4 | u16::from(digit);
    }
    Some(value)
}

const NOT_HEX: u8 = 0xff;

/// The value of each byte as a hexadecimal digit.
const HEX: [u8; 256] = {
    let mut values = [NOT_HEX; 256];
    let mut digit = 0;
    while digit < 16 {
        values[b"0123456789abcdef"[digit as usize] as usize] = digit;
        values[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        digit += 1;
    }
    values
};

/// Finds the first half of a UTF-16 pair that stands alone in the strings of a JSON text.
///
/// Takes time linear in the length, and next to none for a text without escapes.
pub(crate) fn lone_surrogate(json: &[u8]) -> Option<u16> {
    let mut rest = json;
    while let Some(at) = next_escape(rest) {
        rest = &rest[at..];
        let length = match unit(rest) {
            Some(first @ 0xd800..=0xdbff) => match unit(&rest[6..]) {
                Some(0xdc00..=0xdfff) => 12,
                _ => return Some(first),
            },
            Some(second @ 0xdc00..=0xdfff) => return Some(second),
            Some(_) => 6,
            None => 2,
        };
        rest = rest.get(length..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(token: &str) -> String {
        let mut out = String::new();
        decode(token, &mut out);
        out
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(decoded(r#""\u0e2a\u0E27\u0e31\u0e2a\u0e14\u0e35""#), "สวัสดี");
        assert_eq!(decoded(r#""a\n\"\\\/\ud83d\ude00ก""#), "a\n\"\\/😀ก");
        assert_eq!(decoded(r#""""#), "");
    }

    #[test]
    fn malformed_strings_are_kept() {
        assert_eq!(decoded(r#""a\"#), "a\\");
        assert_eq!(decoded(r#""\u0e"#), "\\u0e");
        assert_eq!(decoded(r#""\ud83dก""#), "\u{fffd}ก");
        assert_eq!(decoded("\""), "");
        assert_eq!(decoded(r#""\ก""#), "\\ก");
    }

    #[test]
    fn halves_are_found() {
        assert_eq!(lone_surrogate(br#"{"a":"\ud83d"}"#), Some(0xd83d));
        assert_eq!(lone_surrogate(br#"{"a":"\ude00\ud83d"}"#), Some(0xde00));
        assert_eq!(lone_surrogate(br#"{"a":"\ud83d\u0e01"}"#), Some(0xd83d));
        assert_eq!(lone_surrogate(br#"{"a":"\ud83d\ude00"}"#), None);
        // An escaped backslash before `ud83d` is no escape of a character.
        assert_eq!(lone_surrogate(br#"{"a":"\\ud83d"}"#), None);
    }

    proptest! {
        #[test]
        fn decodes_as_serde_json_does(text in r#"(\\[bfnrt"/\\]|\\u(00|0e)[0-9a-f]{2}|\\ud83d\\ude[0-7][0-9a-f]|[a-cก-ฮ😀])*"#) {
            let token = format!("\"{text}\"");
            let expected: String = serde_json::from_str(&token).unwrap();
            prop_assert_eq!(decoded(&token), expected);
            prop_assert_eq!(lone_surrogate(token.as_bytes()), None);
        }

        #[test]
        fn finds_what_serde_json_refuses(text in r"(\\u(d83d|de00|0e01)|\\n|\\\\|u|ก)*") {
            let token = format!("\"{text}\"");
            let refused = serde_json::from_str::<String>(&token).is_err();
            prop_assert_eq!(lone_surrogate(token.as_bytes()).is_some(), refused);
        }
    }
}
