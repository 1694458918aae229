//! The manifest of a model folder: what the files are, and how what the network says becomes a score.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::features::FeatureConfig;
use crate::error::Error;
use crate::evidence::EvidenceKind;
use crate::label::Label;
use crate::text::{Language, NORMALIZER_VERSION};

/// The version of the manifest's own form.
const SCHEMA: u32 = 2;

/// What `manifest.json` says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Manifest {
    /// The version of the manifest's form.
    pub schema: u32,
    /// The model's name, such as `ruthan-1`.
    pub name: String,
    /// The model's version.
    pub version: String,
    /// The version of the normaliser that it was trained with.
    pub normalizer_version: u32,
    /// SHA-256 of each file, in lower-case hexadecimal.
    pub files: BTreeMap<String, String>,
    /// The labels in the order of the network's output.
    pub labels: Vec<Label>,
    /// The network's inputs.
    pub inputs: Vec<Tensor>,
    /// The network's outputs.
    pub outputs: Vec<Tensor>,
    /// How a text becomes features.
    pub features: FeatureConfig,
    /// How the log-odds of the network become those of the wording, by language (`th`, `en`).
    pub calibration: BTreeMap<String, Calibration>,
    /// What each kind of evidence adds to the log-odds of the wording.
    pub evidence: BTreeMap<EvidenceKind, f32>,
    /// How a message is scored whose wording cannot be read.
    pub unread: Unread,
    /// The scores from which a verdict is given.
    pub thresholds: Thresholds,
    /// Figures of quality, as the training run measured them.
    pub figures: serde_json::Value,
}

/// An input or output of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tensor {
    /// Its name.
    pub name: String,
    /// `int32` or `float32`.
    pub dtype: String,
    /// Its dimensions; a name stands for any size.
    pub shape: Vec<serde_json::Value>,
}

/// How a message in another language, or without words, is scored: by its evidence alone.
///
/// The weights differ from those beside the wording, which has taken its share of what a link tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unread {
    /// Log-odds of a scam before anything is known.
    pub prior: f32,
    /// What each kind of evidence adds to the log-odds.
    pub evidence: BTreeMap<EvidenceKind, f32>,
}

/// Platt scaling: calibrated log-odds are `slope * log-odds + intercept`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// What the network's log-odds are multiplied by; above zero.
    pub slope: f32,
    /// What is added.
    pub intercept: f32,
}

/// A score from which a verdict is given, and the rate of false alarms at which it was set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The lowest score that gets the verdict.
    pub score: f32,
    /// The share of genuine messages at or above it, on the data that it was set on.
    pub false_alarm_rate: f32,
}

/// The thresholds of the verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// From here on a message is suspicious.
    pub suspicious: Threshold,
    /// From here on it is called a scam.
    pub scam: Threshold,
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    ///
    /// [`Error::Schema`] that names what is wrong.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let manifest: Self = serde_json::from_slice(json)
            .map_err(|error| Error::Schema(format!("manifest.json: {error}")))?;
        manifest
            .check()
            .map_or(Ok(manifest), |problem| Err(Error::Schema(format!("manifest.json: {problem}"))))
    }

    /// What is wrong, if anything.
    fn check(&self) -> Option<String> {
        if self.schema != SCHEMA {
            return Some(format!(
                "schema {} is not {SCHEMA}, the one that this version reads",
                self.schema
            ));
        }
        if ![&self.name, &self.version].into_iter().all(|name| is_plain_name(name)) {
            return Some(
                "`name` and `version` must be of ASCII letters, digits and `._-`, and not begin with a dot".into(),
            );
        }
        if self.normalizer_version != NORMALIZER_VERSION {
            return Some(format!(
                "the model was trained with normaliser {}, this version has {NORMALIZER_VERSION}",
                self.normalizer_version
            ));
        }
        if self.labels != Label::ALL {
            return Some("`labels` are not the 19 labels in their order".into());
        }
        if let Some(name) = self.files.keys().find(|name| !is_plain_name(name)) {
            return Some(format!("`{name}` is not the plain name of a file in the model folder"));
        }
        let tensor = |t: &Tensor, name: &str, dtype: &str| {
            t.name == name && t.dtype == dtype && t.shape.len() == 2
        };
        let inputs = matches!(&self.inputs[..], [a, b] if tensor(a, "rows", "int32") && tensor(b, "values", "float32"));
        let outputs = matches!(&self.outputs[..], [a] if tensor(a, "logits", "float32"));
        if !inputs || !outputs {
            return Some("inputs must be `rows` (int32) and `values` (float32), the output `logits` (float32), each of two dimensions".into());
        }
        if let Some(language) =
            ["th", "en"].into_iter().find(|l| !self.calibration.contains_key(*l))
        {
            return Some(format!("no calibration for `{language}`"));
        }
        let numbers = self
            .calibration
            .values()
            .flat_map(|c| [c.slope, c.intercept])
            .chain(self.evidence.values().copied())
            .chain(self.unread.evidence.values().copied())
            .chain([self.unread.prior]);
        if numbers.into_iter().any(|n| !n.is_finite())
            || self.calibration.values().any(|c| c.slope <= 0.0)
        {
            return Some("a weight is not a finite number, or a slope is not above zero".into());
        }
        let Thresholds { suspicious, scam } = self.thresholds;
        if !(0.0 < suspicious.score && suspicious.score <= scam.score && scam.score <= 1.0) {
            return Some("thresholds must rise from `suspicious` to `scam` within 0 to 1".into());
        }
        self.features.problem()
    }

    /// What `kind` adds to the log-odds in a message of `language`.
    pub(crate) fn weight(&self, kind: EvidenceKind, language: Language) -> f32 {
        let read = self.calibration.contains_key(language.as_str());
        let weights = if read { &self.evidence } else { &self.unread.evidence };
        weights.get(&kind).copied().unwrap_or(0.0)
    }
}

/// Whether `name` stays within the folder, and a terminal unharmed: no separators, no parent, nothing hidden, no more than
/// a name needs.
fn is_plain_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}
