//! Figures of quality, from scores and truths.

use serde::Serialize;

/// A scored message: how high, and whether it is a scam.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored {
    pub(crate) score: f64,
    pub(crate) scam: bool,
}

/// Figures that need no threshold of ours.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Figures {
    /// How many messages.
    pub(crate) messages: usize,
    /// How many of them are scams.
    pub(crate) scams: usize,
    /// Average precision; none without both scams and others.
    pub(crate) average_precision: Option<f64>,
    /// Recall where 1 % of the others score higher.
    pub(crate) recall_at_1_percent: Option<f64>,
    /// Recall where 0.1 % of the others score higher.
    pub(crate) recall_at_01_percent: Option<f64>,
    /// Expected calibration error over 10 bins of equal width.
    pub(crate) calibration_error: Option<f64>,
}

impl Figures {
    pub(crate) fn of(scored: &[Scored]) -> Self {
        let scams = scored.iter().filter(|s| s.scam).count();
        let both = scams > 0 && scams < scored.len();
        Self {
            messages: scored.len(),
            scams,
            average_precision: both.then(|| average_precision(scored)),
            recall_at_1_percent: both.then(|| recall_at(scored, 0.01)),
            recall_at_01_percent: both.then(|| recall_at(scored, 0.001)),
            calibration_error: (!scored.is_empty()).then(|| calibration_error(scored)),
        }
    }
}

/// Average precision: the mean of precision over the steps of recall, equal scores taken together (as scikit-learn's).
fn average_precision(scored: &[Scored]) -> f64 {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let scams = sorted.iter().filter(|s| s.scam).count() as f64;
    let (mut seen, mut hits, mut sum) = (0.0, 0.0, 0.0);
    for group in sorted.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        let new = group.iter().filter(|s| s.scam).count() as f64;
        seen += group.len() as f64;
        hits += new;
        sum += new / scams * (hits / seen);
    }
    sum
}

/// The share of scams that score above all but `rate` of the others.
fn recall_at(scored: &[Scored], rate: f64) -> f64 {
    let mut others: Vec<f64> = scored.iter().filter(|s| !s.scam).map(|s| s.score).collect();
    others.sort_by(|a, b| b.total_cmp(a));
    // At most this many of the others may be called scams.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let allowed = (others.len() as f64 * rate).floor() as usize;
    let bar = others[allowed];
    let scams = scored.iter().filter(|s| s.scam);
    scams.clone().filter(|s| s.score > bar).count() as f64 / scams.count() as f64
}

/// How far scores are from the share of scams among messages of such scores, on average.
fn calibration_error(scored: &[Scored]) -> f64 {
    let mut bins = [(0.0, 0.0); 10];
    for s in scored {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bin = ((s.score * 10.0) as usize).min(9);
        bins[bin].0 += s.score;
        bins[bin].1 += f64::from(u8::from(s.scam));
    }
    bins.iter().map(|(scores, scams)| (scores - scams).abs()).sum::<f64>() / scored.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(pairs: &[(f64, bool)]) -> Vec<Scored> {
        pairs.iter().map(|&(score, scam)| Scored { score, scam }).collect()
    }

    #[test]
    fn average_precision_is_that_of_the_textbook() {
        // The example of scikit-learn's documentation of `average_precision_score`: 0.83.
        let example = scored(&[(0.1, false), (0.4, false), (0.35, true), (0.8, true)]);
        assert!((average_precision(&example) - 0.833_333).abs() < 1e-5);
        let ties = scored(&[(0.5, true), (0.5, false)]);
        assert!((average_precision(&ties) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn recall_counts_scams_above_the_false_alarms_allowed() {
        let mut all: Vec<(f64, bool)> = (0..100).map(|i| (f64::from(i) / 1000.0, false)).collect();
        all.extend([(0.0985, true), (0.5, true), (0.01, true), (0.02, true)]);
        // One false alarm in a hundred is allowed: 0.099; none in a thousand.
        assert!((recall_at(&scored(&all), 0.01) - 0.5).abs() < 1e-9);
        assert!((recall_at(&scored(&all), 0.001) - 0.25).abs() < 1e-9);
    }

    #[test]
    fn calibration_error_is_zero_when_scores_are_shares() {
        let right = scored(&[(0.5, true), (0.5, false), (1.0, true), (0.0, false)]);
        assert!(calibration_error(&right).abs() < 1e-9);
        assert!((calibration_error(&scored(&[(0.9, false)])) - 0.9).abs() < 1e-9);
    }
}
