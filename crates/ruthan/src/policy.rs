//! When to warn: the scores from which verdicts are given.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::Thresholds;

/// The scores from which a message is called suspicious or a scam, where the model's own do not fit the use.
///
/// A hotline that reads everything may want to see more, an app that interrupts people less. What is left out stays as
/// the model's manifest has it. Scores and evidence do not change.
///
/// ```
/// use ruthan::{Classifier, Policy, Verdict};
///
/// let cautious = Policy::new().suspicious(0.05);
/// let classifier = Classifier::builder().policy(cautious).build()?;
/// let c = classifier.classify("Your parcel is held. Pay the fee: https://usps.track-sh.top/x")?;
/// assert!(c.verdict.is_alarm());
/// # Ok::<(), ruthan::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Policy {
    /// The lowest score of [`Verdict::Suspicious`](crate::Verdict::Suspicious), above 0.
    #[serde(default)]
    pub suspicious: Option<f32>,
    /// The lowest score of [`Verdict::Scam`](crate::Verdict::Scam), at most 1.
    #[serde(default)]
    pub scam: Option<f32>,
}

impl Policy {
    /// Makes a policy that leaves everything as the model has it.
    pub const fn new() -> Self {
        Self { suspicious: None, scam: None }
    }

    /// Sets the lowest score of [`Verdict::Suspicious`](crate::Verdict::Suspicious).
    #[must_use]
    pub const fn suspicious(mut self, score: f32) -> Self {
        self.suspicious = Some(score);
        self
    }

    /// Sets the lowest score of [`Verdict::Scam`](crate::Verdict::Scam).
    #[must_use]
    pub const fn scam(mut self, score: f32) -> Self {
        self.scam = Some(score);
        self
    }

    /// The scores in force with a model's thresholds.
    pub(crate) fn bars(self, thresholds: Thresholds) -> Result<Bars, Error> {
        let bars = Bars {
            suspicious: self.suspicious.unwrap_or(thresholds.suspicious.score),
            scam: self.scam.unwrap_or(thresholds.scam.score),
        };
        // Written so that a NaN is refused too.
        if 0.0 < bars.suspicious && bars.suspicious <= bars.scam && bars.scam <= 1.0 {
            Ok(bars)
        } else {
            Err(Error::Policy { suspicious: bars.suspicious, scam: bars.scam })
        }
    }
}

/// The scores from which verdicts are given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bars {
    pub(crate) suspicious: f32,
    pub(crate) scam: f32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Threshold;

    #[test]
    fn bars_must_rise_within_zero_to_one() {
        let threshold = |score| Threshold { score, false_alarm_rate: 0.01 };
        let thresholds = Thresholds { suspicious: threshold(0.5), scam: threshold(0.9) };
        let bars = Policy::new().suspicious(0.2).bars(thresholds).unwrap();
        assert!((bars.suspicious - 0.2).abs() < f32::EPSILON && (bars.scam - 0.9).abs() < 1e-6);
        for policy in [
            Policy::new().suspicious(0.95),
            Policy::new().scam(0.4),
            Policy::new().suspicious(0.0),
            Policy::new().scam(1.5),
            Policy::new().scam(f32::NAN),
        ] {
            assert!(matches!(policy.bars(thresholds), Err(Error::Policy { .. })), "{policy:?}");
        }
    }
}
