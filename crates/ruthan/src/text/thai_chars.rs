//! The letters and marks of Thai by what they may do in a syllable (Unicode block U+0E00).

/// A character of the Thai block that is assigned.
pub(crate) const fn is_thai(ch: char) -> bool {
    matches!(ch, '\u{0E01}'..='\u{0E3A}' | '\u{0E3F}'..='\u{0E5B}')
}

/// A Thai letter or mark: all of the block but digits, the baht sign and the old punctuation.
pub(crate) const fn is_letter_or_mark(ch: char) -> bool {
    matches!(ch, '\u{0E01}'..='\u{0E3A}' | '\u{0E40}'..='\u{0E4E}')
}

/// As [`char::is_alphabetic`], which takes a search through a table for each Thai letter.
pub(crate) fn is_alphabetic(ch: char) -> bool {
    match ch {
        '\u{0E01}'..='\u{0E3A}' | '\u{0E40}'..='\u{0E46}' | '\u{0E4D}' => true,
        '\u{0E00}'..='\u{0E7F}' => false,
        _ => ch.is_alphabetic(),
    }
}

/// As [`char::is_alphanumeric`], see [`is_alphabetic`].
pub(crate) fn is_alphanumeric(ch: char) -> bool {
    match ch {
        '\u{0E00}'..='\u{0E7F}' => is_alphabetic(ch) || matches!(ch, '\u{0E50}'..='\u{0E59}'),
        _ => ch.is_alphanumeric(),
    }
}

/// A consonant, `ก` to `ฮ`, with `ฤ` and `ฦ`.
pub(crate) const fn is_consonant(ch: char) -> bool {
    matches!(ch, '\u{0E01}'..='\u{0E2E}')
}

/// A vowel written before its consonant: `เ แ โ ใ ไ`.
pub(crate) const fn is_leading_vowel(ch: char) -> bool {
    matches!(ch, '\u{0E40}'..='\u{0E44}')
}

/// A vowel written after its consonant, on the line: `ะ า ำ ๅ`.
pub(crate) const fn is_following_vowel(ch: char) -> bool {
    matches!(ch, '\u{0E30}' | '\u{0E32}' | '\u{0E33}' | '\u{0E45}')
}

/// A vowel mark above or below its consonant: `ั ิ ี ึ ื ุ ู ฺ ็ ํ`.
pub(crate) const fn is_vowel_mark(ch: char) -> bool {
    matches!(ch, '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}' | '\u{0E4D}')
}

/// A tone mark, `่ ้ ๊ ๋`.
pub(crate) const fn is_tone(ch: char) -> bool {
    matches!(ch, '\u{0E48}'..='\u{0E4B}')
}

/// A mark that stands on top of everything else: a tone mark, `์` or `๎`.
pub(crate) const fn is_top_mark(ch: char) -> bool {
    is_tone(ch) || matches!(ch, '\u{0E4C}' | '\u{0E4E}')
}

/// A mark that needs a consonant under or over it.
pub(crate) const fn is_mark(ch: char) -> bool {
    is_vowel_mark(ch) || is_top_mark(ch)
}

/// The Thai letter that the Lao letter `ch` looks like. The two blocks run in parallel, 0x80 apart.
pub(crate) fn thai_of_lao(ch: char) -> Option<char> {
    match ch {
        '\u{0E80}'..='\u{0EDF}' => char::from_u32(ch as u32 - 0x80).filter(|&thai| is_thai(thai)),
        _ => None,
    }
}

/// The Thai mark or letter that a private-use glyph of old Windows Thai fonts stands for.
///
/// Those fonts kept lowered and shifted shapes at U+F700 to U+F71A; text copied out of old documents carries them.
pub(crate) const fn thai_of_private_glyph(ch: char) -> Option<char> {
    Some(match ch {
        '\u{F700}' => 'ฐ',
        '\u{F701}' => '\u{0E34}',
        '\u{F702}' => '\u{0E35}',
        '\u{F703}' => '\u{0E36}',
        '\u{F704}' => '\u{0E37}',
        '\u{F705}' | '\u{F70A}' | '\u{F713}' => '\u{0E48}',
        '\u{F706}' | '\u{F70B}' | '\u{F714}' => '\u{0E49}',
        '\u{F707}' | '\u{F70C}' | '\u{F715}' => '\u{0E4A}',
        '\u{F708}' | '\u{F70D}' | '\u{F716}' => '\u{0E4B}',
        '\u{F709}' | '\u{F70E}' | '\u{F717}' => '\u{0E4C}',
        '\u{F70F}' => 'ญ',
        '\u{F710}' => '\u{0E31}',
        '\u{F711}' => '\u{0E4D}',
        '\u{F712}' => '\u{0E47}',
        '\u{F718}' => '\u{0E38}',
        '\u{F719}' => '\u{0E39}',
        '\u{F71A}' => '\u{0E3A}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_those_of_unicode() {
        for ch in '\0'..=char::MAX {
            assert_eq!(is_alphabetic(ch), ch.is_alphabetic(), "{ch:?}");
            assert_eq!(is_alphanumeric(ch), ch.is_alphanumeric(), "{ch:?}");
        }
    }

    #[test]
    fn every_letter_or_mark_has_exactly_one_role() {
        for ch in ('\u{0E01}'..='\u{0E4E}').filter(|&ch| is_letter_or_mark(ch)) {
            let roles = [
                is_consonant(ch),
                is_leading_vowel(ch),
                is_following_vowel(ch),
                is_vowel_mark(ch),
                is_top_mark(ch),
                matches!(ch, 'ฯ' | 'ๆ'),
            ];
            assert_eq!(roles.iter().filter(|&&r| r).count(), 1, "{ch:?}");
        }
    }

    #[test]
    fn lao_runs_parallel_to_thai() {
        assert_eq!(thai_of_lao('ຸ'), Some('ุ'));
        assert_eq!(thai_of_lao('ກ'), Some('ก'));
        assert_eq!(thai_of_lao('ก'), None);
    }
}
