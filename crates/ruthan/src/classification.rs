//! What comes back.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::indicators::Indicator;
use crate::label::Label;
use crate::links::Link;
use crate::text::Language;

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// Nothing speaks for a scam.
    Clean,
    /// Advertising or a premium-rate service, not a scam.
    Spam,
    /// It may be a scam: look twice.
    Suspicious,
    /// It is a scam, as far as a text can tell.
    Scam,
    /// It cannot be told: another language, or nothing to read. Never to be taken for clean.
    Unknown,
}

impl Verdict {
    /// The name as it is written in files, such as `suspicious`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Spam => "spam",
            Self::Suspicious => "suspicious",
            Self::Scam => "scam",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a person should be warned: `Suspicious` or `Scam`.
    pub const fn is_alarm(self) -> bool {
        matches!(self, Self::Suspicious | Self::Scam)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a message was found to be, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Classification {
    /// The calibrated probability that the message is a scam, 0 to 1.
    pub score: f32,
    /// The answer in one word, from the score and the thresholds of the model.
    pub verdict: Verdict,
    /// The likeliest label under the verdict.
    pub label: Label,
    /// The language of the message.
    pub language: Language,
    /// The reasons, heaviest first. Their weights add up to the log-odds of the score.
    pub evidence: Vec<Evidence>,
    /// The links of the message, judged.
    pub links: Vec<Link>,
    /// What cases can be linked by: numbers, accounts, handles, amounts.
    pub indicators: Vec<Indicator>,
    /// The model's name and version.
    pub model: String,
    /// The probability of every label; they add up to 1.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub probabilities: BTreeMap<Label, f32>,
}
