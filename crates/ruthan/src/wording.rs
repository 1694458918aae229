//! What is said to people: the phrases of `data/wording.toml`, by kind and label.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ruthan_data::{Phrase, Tables};

use crate::evidence::EvidenceKind;
use crate::label::Label;
use crate::text::Language;

/// What the model made of the words.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reading {
    /// Like scams of the label's kind.
    LikeScam,
    /// Not like the scam that the evidence says it is.
    NotLikeScam,
    /// Like genuine messages or advertising of the label's kind.
    Like,
    /// In no language that can be read.
    Unreadable,
}

/// The phrase of that key. The data crate's files travel with the library, so each is there; the test below says so.
fn phrase(part: &'static BTreeMap<String, Phrase>, key: &str) -> &'static Phrase {
    part.get(key).unwrap_or_else(|| panic!("wording.toml has no `{key}`"))
}

/// The phrase for a kind of evidence.
pub(crate) fn evidence(kind: EvidenceKind) -> &'static Phrase {
    static PHRASES: LazyLock<Vec<&Phrase>> = LazyLock::new(|| {
        let phrases = &Tables::embedded().wording().evidence;
        EvidenceKind::ALL.iter().map(|kind| phrase(phrases, kind.as_str())).collect()
    });
    PHRASES[kind as usize]
}

/// The name of a label.
pub(crate) fn label(label: Label) -> &'static Phrase {
    static PHRASES: LazyLock<Vec<&Phrase>> = LazyLock::new(|| {
        let phrases = &Tables::embedded().wording().label;
        Label::ALL.iter().map(|label| phrase(phrases, label.as_str())).collect()
    });
    PHRASES[label.index()]
}

/// What the words say: Thai for a Thai message, else English.
pub(crate) fn reading(reading: Reading, of: Label, language: Language) -> String {
    let key = match reading {
        Reading::LikeScam => "like_scam",
        Reading::NotLikeScam => "not_like_scam",
        Reading::Like => "like",
        Reading::Unreadable => "unreadable",
    };
    let phrase = phrase(&Tables::embedded().wording().reading, key);
    let name = label(of);
    match language {
        Language::Thai => phrase.th.replace("{label}", &name.th),
        _ => phrase.en.replace("{label}", &name.en),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_there_and_none_is_left_over() {
        let wording = Tables::embedded().wording();
        assert_eq!(wording.evidence.len(), EvidenceKind::ALL.len());
        assert_eq!(wording.label.len(), Label::ALL.len());
        for kind in EvidenceKind::ALL {
            assert!(!evidence(*kind).en.is_empty());
        }
        for l in Label::ALL {
            assert!(!label(l).th.is_empty());
        }
        let readings =
            [Reading::LikeScam, Reading::NotLikeScam, Reading::Like, Reading::Unreadable];
        assert_eq!(wording.reading.len(), readings.len());
        for r in readings {
            for language in [Language::Thai, Language::English] {
                let said = reading(r, Label::Bank, language);
                assert!(!said.is_empty() && !said.contains('{'), "{said}");
            }
        }
    }
}
