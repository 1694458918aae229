//! Which language a text is in, as far as the library has to know.

use ruthan_data::Tables;
use serde::{Deserialize, Serialize};
use unicode_script::{Script, UnicodeScript};

use super::thai_chars;

/// The language of a message, as far as the library tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Language {
    /// Mostly Thai; a Thai message may hold any number of English words.
    #[serde(rename = "th")]
    Thai,
    /// Mostly English, or too short to tell from it.
    #[serde(rename = "en")]
    English,
    /// Another language: no score is given unless a link alone decides.
    Other,
    /// Nothing to read: no letters at all, or none outside of links where a message is classified.
    None,
}

impl Language {
    /// The name as it is written in files: `th`, `en`, `other` or `none`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Thai => "th",
            Self::English => "en",
            Self::Other => "other",
            Self::None => "none",
        }
    }

    /// Whether the model knows the language.
    pub const fn is_supported(self) -> bool {
        matches!(self, Self::Thai | Self::English)
    }
}

/// How many letters of each kind a text has, and so in which language it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scripts {
    /// Thai letters and marks.
    pub thai: u32,
    /// Latin letters.
    pub latin: u32,
    /// Letters of any other script.
    pub other: u32,
}

impl Scripts {
    /// Counts the letters of `text`. Linear in its length.
    pub fn count(text: &str) -> Self {
        let mut scripts = Self::default();
        for ch in text.chars() {
            if ch.is_ascii() {
                scripts.latin += u32::from(ch.is_ascii_alphabetic());
            } else if thai_chars::is_thai(ch) {
                scripts.thai += u32::from(thai_chars::is_letter_or_mark(ch));
            } else if ch.is_alphabetic() {
                if ch.script() == Script::Latin {
                    scripts.latin += 1;
                } else {
                    scripts.other += 1;
                }
            }
        }
        scripts
    }

    /// The shares of Thai, Latin and other letters; all zero where there are none.
    ///
    /// ```
    /// let scripts = ruthan::normalize("ไทย abc").scripts();
    /// assert_eq!(scripts.shares(), [0.5, 0.5, 0.0]);
    /// ```
    pub fn shares(self) -> [f32; 3] {
        let all = (self.thai + self.latin + self.other).max(1) as f32;
        [self.thai, self.latin, self.other].map(|count| count as f32 / all)
    }

    /// The language that the letters of `text`, of which these are the counts, speak for.
    pub(crate) fn language(self, text: &str) -> Language {
        let Self { thai, latin, other } = self;
        if thai + latin + other == 0 {
            Language::None
        } else if other > thai + latin {
            Language::Other
        } else if thai * 4 >= latin {
            // A Thai letter says about as much as four Latin ones of brand names and links.
            Language::Thai
        } else if is_foreign(text) {
            Language::Other
        } else {
            Language::English
        }
    }
}

/// How many words of a text are looked at: the cost stays bounded, and a language rarely changes within a message.
const WORDS: usize = 80;

/// Whether the words of a Latin text are those of another language than English.
fn is_foreign(text: &str) -> bool {
    let tables = Tables::embedded();
    let (mut english, mut foreign, mut words, mut accented) = (0, 0, 0, 0);
    let mut lower = String::with_capacity(32);
    let mut count = |word: &str| {
        words += 1;
        match tables.is_english(word) {
            Some(true) => english += 1,
            Some(false) => foreign += 1,
            None => {}
        }
        accented += usize::from(!word.is_ascii());
        words == WORDS
    };
    // A word at a time in lower case; ASCII, which most is, without the tables of Unicode.
    for ch in text.chars().chain([' ']) {
        if ch.is_ascii_alphabetic() {
            lower.push(ch.to_ascii_lowercase());
        } else if !ch.is_ascii() && ch.is_alphabetic() {
            lower.extend(ch.to_lowercase());
        } else if !lower.is_empty() {
            if count(&lower) {
                break;
            }
            lower.clear();
        }
    }
    words >= 4
        && foreign + accented / 2 > english
        && foreign + accented >= 2
        && (foreign + accented) * 5 >= words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> Language {
        Scripts::count(text).language(text)
    }

    #[test]
    fn tells_thai_english_and_others_apart() {
        assert_eq!(language("พัสดุของท่านจัดส่งไม่สำเร็จ www.flash.goxth.com"), Language::Thai);
        assert_eq!(language("KBank แจ้ง OTP สำหรับ K PLUS"), Language::Thai);
        assert_eq!(language("Your parcel is waiting"), Language::English);
        assert_eq!(language("hey mum"), Language::English);
        assert_eq!(language("Ваша посылка задержана"), Language::Other);
        assert_eq!(language("您的包裹无法送达"), Language::Other);
        assert_eq!(
            language("Su paquete está retenido, por favor pague la tasa para el envío"),
            Language::Other
        );
        assert_eq!(
            language("Paket anda tidak dapat dikirim, klik untuk konfirmasi alamat anda"),
            Language::Other
        );
        assert_eq!(language("12345 !!"), Language::None);
        assert_eq!(language(""), Language::None);
    }
}
