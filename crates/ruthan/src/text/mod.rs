//! The first stage: undo what was done to a text so that filters would not read it.
//!
//! [`normalize`] takes out hidden characters, folds disguised letters, repairs Thai spelling, joins letters that were
//! spaced apart and makes defanged links whole, and remembers for each piece of the result where it came from.
//! Honest text passes unchanged but for spaces. The result is stable: normalising it again changes nothing.

mod compat;
mod defang;
mod disguise;
mod invisible;
mod language;
mod lookalike;
mod plain;
mod spacing;
mod span;
mod thai;
pub(crate) mod thai_chars;
mod work;

use serde::{Deserialize, Serialize};

pub use language::{Language, Scripts};
pub use span::Span;
pub(crate) use work::Piece;
use work::Work;

/// The version of the rules. A model states the version it was trained with and is refused under another.
pub const NORMALIZER_VERSION: u32 = 3;

/// A trick that was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// A zero-width, control or private-use character was taken out.
    Invisible,
    /// A mark or control of writing direction was taken out.
    Bidi,
    /// A full-width, mathematical, circled or superscript form became a plain letter or digit.
    Compatibility,
    /// Thai was put into its standard form.
    Thai,
    /// A letter of another script, or a letter posing as a digit, was put back.
    Lookalike,
    /// A digit posing as a letter was put back.
    DigitForLetter,
    /// Letters spaced apart were joined.
    SpacedOut,
    /// A defanged or spelled-out link was made whole.
    Defanged,
    /// A long run of one character was cut short.
    Repeat,
}

/// One change: what was undone, and where in the text as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// The trick.
    pub kind: ChangeKind,
    /// Where it stood.
    pub span: Span,
}

/// A text after [`normalize`], with the way back to the text as given.
#[derive(Clone, Debug)]
pub struct Normalized {
    text: String,
    pieces: Vec<Piece>,
    /// The byte at which each piece starts in `text`.
    starts: Vec<u32>,
    changes: Vec<Change>,
    scripts: Scripts,
    language: Language,
}

impl Normalized {
    /// The normalised text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was undone, in the order of the steps.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// How many letters of each kind the text has.
    pub const fn scripts(&self) -> Scripts {
        self.scripts
    }

    /// The language of the text.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The characters, each with its place in the text as given.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The index of the piece that holds byte `at` of [`text`](Self::text).
    pub(crate) fn piece_at(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| (start as usize) <= at).saturating_sub(1)
    }

    /// The place in the text as given from which the bytes `range` of [`text`](Self::text) came.
    ///
    /// ```
    /// let normalized = ruthan::normalize("โบนั\u{200B}ส ｆｒｅｅ");
    /// assert_eq!(normalized.text(), "โบนัส free");
    /// let at = normalized.text().find("free").unwrap();
    /// assert_eq!(normalized.span_of(at..at + 4).range(), 19..31);
    /// ```
    pub fn span_of(&self, range: std::ops::Range<usize>) -> Span {
        if range.is_empty() || self.pieces.is_empty() {
            return Span::new(0, 0);
        }
        let first = self.piece_at(range.start);
        let last = self.piece_at(range.end - 1);
        Span::new(self.pieces[first].span.start, self.pieces[last].span.end)
    }
}

impl Normalized {
    /// What stands in [`text`](Self::text) for the bytes `span` of the text as given; empty where it was taken out.
    ///
    /// ```
    /// let normalized = ruthan::normalize("รัu\u{200B}โบนัส");
    /// let meant: Vec<String> = normalized.changes().iter().map(|c| normalized.text_of(c.span)).collect();
    /// assert_eq!(meant, ["", "บ"]);
    /// ```
    pub fn text_of(&self, span: Span) -> String {
        let first = self.pieces.partition_point(|piece| piece.span.end <= span.start);
        let pieces = self.pieces[first..].iter();
        pieces.take_while(|piece| piece.span.start < span.end).map(|piece| piece.ch).collect()
    }
}

/// How often the chain of steps is run at most. Honest text takes one pass; each layer of disguise takes one more.
const PASSES: usize = 8;

/// Undoes what was done to `text` so that filters would not read it. Linear time; output at most 4 times the input.
///
/// # Panics
///
/// If `text` is longer than 4 GiB, because places are kept in 32 bits. [`Classifier`](crate::Classifier) refuses such
/// messages long before.
///
/// ```
/// let normalized = ruthan::normalize("f r e e  ส ล็ อ ต hxxp://bad[.]xyz");
/// assert_eq!(normalized.text(), "free สล็อต http://bad.xyz");
/// assert_eq!(ruthan::normalize("ทำน้ำให้เย็น").changes(), []);
/// ```
pub fn normalize(text: &str) -> Normalized {
    assert!(u32::try_from(text.len()).is_ok(), "a text of {} bytes is more than 4 GiB", text.len());
    let trimmed = text.trim();
    if plain::is_plain(trimmed) {
        finish(Work::new(trimmed, text.len() - text.trim_start().len()))
    } else {
        normalize_in_steps(text)
    }
}

/// Runs the chain of steps until nothing changes.
fn normalize_in_steps(text: &str) -> Normalized {
    let mut work = Work::new(text, 0);
    // A wide gap parts words that are spaced out (`f r e e  b o n u s`), so those are joined before spaces are tidied;
    // and untidy spaces alone are no reason for another pass.
    invisible::strip(&mut work);
    spacing::join_spaced_letters(&mut work);
    spacing::collapse_spaces(&mut work);
    for _ in 0..PASSES {
        let (noted, pieces) = (work.changes.len(), work.pieces.len());
        pass(&mut work);
        if work.changes.len() == noted && work.pieces.len() == pieces {
            break;
        }
    }
    finish(work)
}

/// One pass of the chain. The order matters: what is hidden goes first, since it splits what later steps look for.
fn pass(work: &mut Work) {
    invisible::strip(work);
    compat::fold_disguises(work);
    thai::fold_digits(work);
    lookalike::fold_into_latin(work);
    lookalike::fold_lao_into_thai(work);
    spacing::join_spaced_digits(work);
    spacing::join_spaced_letters(work);
    disguise::unfold_thai_words(work);
    lookalike::fold_latin_into_thai(work);
    lookalike::fold_letters_into_digits(work);
    disguise::unfold_english_words(work);
    lookalike::fold_zeros_into_letters(work);
    thai::repair(work);
    defang::revive(work);
    spacing::collapse_repeats(work);
    spacing::collapse_spaces(work);
}

fn finish(work: Work) -> Normalized {
    let mut text = String::with_capacity(work.pieces.len() * 3);
    let mut starts = Vec::with_capacity(work.pieces.len());
    for piece in &work.pieces {
        // No longer than the input, which fits into 32 bits.
        #[allow(clippy::cast_possible_truncation)]
        starts.push(text.len() as u32);
        text.push(piece.ch);
    }
    let scripts = Scripts::count(&text);
    let language = scripts.language(&text);
    Normalized { text, pieces: work.pieces, starts, changes: work.changes, scripts, language }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(input: &str) -> String {
        normalize(input).text().to_owned()
    }

    #[test]
    fn undoes_what_scammers_do() {
        for (given, meant) in [
            // hidden characters
            ("รับ\u{200B}โบ\u{2060}นัส", "รับโบนัส"),
            ("pay\u{00AD}pal \u{202E}now", "paypal now"),
            // disguised letters and digits
            ("ＦＲＥＥ 𝐊𝐁𝐚𝐧𝐤 ⓕⓡⓔⓔ ᴠᴇʀɪꜰʏ", "FREE KBank free verify"),
            ("รับ 1️⃣0️⃣0️⃣ บาท", "รับ 100 บาท"),
            ("раypal", "paypal"),
            // Latin and Lao inside Thai
            ("รัuโuนัส", "รับโบนัส"),
            ("สลoต", "สลอต"),
            ("llจกเงิน", "แจกเงิน"),
            ("คุณสามารถnู้ได้", "คุณสามารถกู้ได้"),
            ("ก่อu", "ก่อน"),
            ("ระuuเติม", "ระบบเติม"),
            ("ก้ຸ", "กุ้"),
            // Thai spelling
            ("เเปลก", "แปลก"),
            ("กํ่า", "ก่ำ"),
            ("ก่ํา", "ก่ำ"),
            ("กะ่", "ก่ะ"),
            ("นๅคา", "นาคา"),
            ("ฤๅษี", "ฤๅษี"),
            ("ก่้่้", "ก้"),
            ("่ก", "ก"),
            ("๔๐๔", "404"),
            // letters apart
            ("f r e e money", "free money"),
            ("ส ล็ อ ต", "สล็อต"),
            // digits and letters
            ("cr3dit b0nus", "credit bonus"),
            ("18O,OOO บาท", "180,000 บาท"),
            ("25o'/.", "250%"),
            // links
            ("hxxps://a[.]b[.]com", "https://a.b.com"),
            ("zbti9dotคอม", "zbti9.com"),
        ] {
            assert_eq!(text(given), meant, "{given}");
        }
    }

    #[test]
    fn leaves_honest_text_alone() {
        for given in [
            "ทำน้ำให้เย็นแล้วค่อยดื่ม",
            "สมัครSMSฟรี ใช้appได้เลย",
            "KBank: เงินเข้า 1,500.00 บ. คงเหลือ 20,410.77 บ.",
            "iPhone 15 Pro, 4G, B2B, MP3, 7-Eleven, Ref AB3D9K",
            "Привет, как дела?",
            "ສະບາຍດີ",
            "U.S. and U.K. agree",
            "วันที่ 3 ม.ค. 2568 เวลา 10.30 น.",
            "café naïve 100% ½ ™ …",
            "5555 ตลกมาก 😂👨\u{1F469}",
        ] {
            let normalized = normalize(given);
            assert_eq!(normalized.text(), given);
            assert_eq!(normalized.changes(), []);
        }
    }

    #[test]
    fn emoji_sequences_are_no_trick() {
        assert_eq!(normalize("👩\u{200D}💻 ❤\u{FE0F}").changes(), []);
        assert_eq!(normalize("a\u{200D}b").changes().len(), 1);
    }

    #[test]
    fn one_megabyte_of_one_character_shrinks() {
        assert_eq!(text(&"ก".repeat(350_000)).chars().count(), 3);
        assert_eq!(text(&" ".repeat(1_000_000)), "");
    }

    /// If any of these took time in the square of its length, the test would not end.
    #[test]
    fn texts_built_to_be_slow_are_not() {
        for part in [
            "!",
            "x ",
            "A.",
            "a!",
            "กu",
            "uก",
            "1 ",
            "1 , ",
            "o",
            "l",
            "'/.",
            "ก ่",
            "เ",
            "[.]",
            "a[.]",
            " dot com",
            "а",
            "\u{0301}",
            "\u{200B}a",
            "h",
            "https:/",
            "๊",
            "0",
            ".",
            "a@",
            "ก็ ",
            "1 - ",
            "ก ข ",
            "$",
            "ๅ",
            "ํ",
            "x.",
        ] {
            let long = format!("กa1 {}", part.repeat(300_000 / part.len()));
            assert!(normalize(&long).text().len() <= 4 * long.len());
        }
    }

    /// Text in which the tricks meet: pieces of each, in any order.
    fn tricky() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            "[ก-๛]{1,4}",
            "[a-zA-Z0-9]{1,5}",
            "[ .,*_-]{1,2}",
            prop::sample::select(vec![
                "\u{200B}",
                "\u{202E}",
                "ํ",
                "า",
                "้",
                "เ",
                "ๅ",
                "ຸ",
                "а",
                "Ο",
                "𝐊",
                "hxxp",
                "[.]",
                "dot",
                "คอม",
                "o",
                "u",
                "ll",
                "0",
                "'/.",
                "\n",
                "\u{0301}",
                "\u{FE0F}",
            ])
            .prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn is_stable_bounded_and_maps_back(given in tricky()) {
            let normalized = normalize(&given);
            let again = normalize(normalized.text());
            prop_assert_eq!(again.text(), normalized.text());
            prop_assert!(normalized.text().len() <= 4 * given.len());
            let mut end = 0;
            for piece in normalized.pieces() {
                let span = piece.span;
                prop_assert!(span.start <= span.end && span.end as usize <= given.len());
                prop_assert!(given.is_char_boundary(span.start as usize) && given.is_char_boundary(span.end as usize));
                prop_assert!(span.end >= end, "spans run backwards in {:?}", given);
                end = span.end;
            }
            for change in normalized.changes() {
                prop_assert!(given.get(change.span.range()).is_some());
            }
        }
    }
}
