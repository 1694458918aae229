//! The last stage: weigh what the words say and what the evidence says into one calibrated score and one verdict.

use std::collections::BTreeMap;

use crate::classification::Verdict;
use crate::evidence::{Evidence, EvidenceKind};
use crate::label::{Class, Label};
use crate::model::{Calibration, Manifest};
use crate::policy::Bars;
use crate::text::{ChangeKind, Language, Normalized, Span};
use crate::wording::{self, Reading};

/// Log-odds beyond this add nothing: a score never reads 0 or 1.
const LIMIT: f32 = 12.0;
/// At most this much one kind of evidence weighs, whatever a manifest says.
const HEAVIEST: f32 = 6.0;

/// One sign: what it is about, and where it stands.
pub(crate) type Sign = (EvidenceKind, Option<Span>);

/// What a message comes to.
#[derive(Debug)]
pub(crate) struct Weighed {
    pub(crate) score: f32,
    pub(crate) verdict: Verdict,
    pub(crate) label: Label,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) probabilities: BTreeMap<Label, f32>,
}

/// The signs that the normaliser left: that something was hidden or disguised.
pub(crate) fn signs_of_text(normalized: &Normalized) -> Vec<Sign> {
    let first = |kinds: &[ChangeKind]| {
        normalized.changes().iter().find(|change| kinds.contains(&change.kind)).map(|c| c.span)
    };
    let hidden = first(&[ChangeKind::Invisible, ChangeKind::Bidi]);
    let disguised = first(&[
        ChangeKind::Compatibility,
        ChangeKind::Lookalike,
        ChangeKind::DigitForLetter,
        ChangeKind::SpacedOut,
        ChangeKind::Defanged,
    ]);
    [(EvidenceKind::HiddenCharacters, hidden), (EvidenceKind::DisguisedLetters, disguised)]
        .into_iter()
        .filter_map(|(kind, span)| span.map(|span| (kind, Some(span))))
        .collect()
}

/// The log-odds of a scam that the logits of a network speak for.
pub(crate) fn log_odds(logits: &[f32]) -> f32 {
    let of = |scam: bool| {
        log_sum_exp(
            Label::ALL
                .iter()
                .zip(logits)
                .filter(|(l, _)| (l.class() == Class::Scam) == scam)
                .map(|(_, &x)| x),
        )
    };
    of(true) - of(false)
}

fn log_sum_exp(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let max = values.clone().fold(f32::NEG_INFINITY, f32::max);
    max + values.map(|x| (x - max).exp()).sum::<f32>().ln()
}

/// Weighs the logits of the worst window and the signs.
pub(crate) fn weigh(
    manifest: &Manifest,
    bars: Bars,
    language: Language,
    logits: &[f32],
    signs: &[Sign],
) -> Weighed {
    let calibration = manifest.calibration.get(language.as_str());
    let wording = match calibration {
        Some(Calibration { slope, intercept }) => slope * log_odds(logits) + intercept,
        // What cannot be read says nothing.
        None => manifest.unread.prior,
    };
    let mut evidence = vec![(EvidenceKind::Wording, None, wording.clamp(-LIMIT, LIMIT))];
    for &(kind, span) in signs {
        let known = evidence.iter().any(|&(k, ..)| k == kind);
        let weight = manifest.weight(kind, language).clamp(-HEAVIEST, HEAVIEST);
        if !known && weight != 0.0 {
            evidence.push((kind, span, weight));
        }
    }
    let total: f32 = evidence.iter().map(|&(.., weight)| weight).sum();
    let bounded = total.clamp(-LIMIT, LIMIT);
    // What the bound cuts off comes off the wording, so that the reasons add up to the score.
    evidence[0].2 += bounded - total;
    let score = 1.0 / (1.0 + (-bounded).exp());
    let probabilities = probabilities(logits, score);
    let (verdict, label) = decide(bars, language, score, &probabilities);
    let mut evidence: Vec<Evidence> = evidence
        .into_iter()
        .map(|(kind, span, weight)| Evidence {
            kind,
            span,
            weight,
            text: words(kind, language, label, weight),
        })
        .collect();
    evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    Weighed { score, verdict, label, evidence, probabilities }
}

/// Spreads the score over the scam labels and the rest over the others, in the proportions of the logits.
fn probabilities(logits: &[f32], score: f32) -> BTreeMap<Label, f32> {
    let part = |scam: bool| {
        let members = Label::ALL
            .into_iter()
            .zip(logits.iter().copied())
            .filter(move |(l, _)| (l.class() == Class::Scam) == scam);
        let sum = log_sum_exp(members.clone().map(|(_, x)| x));
        let share = if scam { score } else { 1.0 - score };
        members.map(move |(label, x)| (label, share * (x - sum).exp()))
    };
    part(true).chain(part(false)).collect()
}

/// The verdict, and the likeliest label that fits it.
fn decide(
    bars: Bars,
    language: Language,
    score: f32,
    probabilities: &BTreeMap<Label, f32>,
) -> (Verdict, Label) {
    let likeliest = |scam: bool| {
        probabilities
            .iter()
            .filter(|(label, _)| (label.class() == Class::Scam) == scam)
            .max_by(|a, b| a.1.total_cmp(b.1))
            .map_or(Label::Other, |(&label, _)| label)
    };
    if score >= bars.scam {
        (Verdict::Scam, likeliest(true))
    } else if score >= bars.suspicious {
        (Verdict::Suspicious, likeliest(true))
    } else {
        let label = likeliest(false);
        let verdict = match label.class() {
            _ if !language.is_supported() => Verdict::Unknown,
            Class::Spam => Verdict::Spam,
            _ => Verdict::Clean,
        };
        (verdict, label)
    }
}

/// The reason in plain words: Thai for a Thai message, else English.
fn words(kind: EvidenceKind, language: Language, label: Label, weight: f32) -> String {
    if kind != EvidenceKind::Wording {
        let phrase = wording::evidence(kind);
        return if language == Language::Thai { phrase.th.clone() } else { phrase.en.clone() };
    }
    let reading = if !language.is_supported() {
        Reading::Unreadable
    } else if label.class() != Class::Scam {
        Reading::Like
    } else if weight > 0.0 {
        Reading::LikeScam
    } else {
        Reading::NotLikeScam
    };
    wording::reading(reading, label, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_compare_scam_labels_with_the_rest() {
        let mut logits = [0.0; 19];
        assert!((log_odds(&logits) - (14.0f32 / 5.0).ln()).abs() < 1e-5);
        logits[Label::Bank.index()] = 50.0;
        assert!(log_odds(&logits) > 45.0);
    }

    #[test]
    fn probabilities_add_up_and_keep_the_score() {
        let logits: Vec<f32> = (0..19u8).map(|i| f32::from(i) / 3.0 - 40.0).collect();
        let probabilities = probabilities(&logits, 0.25);
        let scam: f32 =
            probabilities.iter().filter(|(l, _)| l.class() == Class::Scam).map(|(_, p)| p).sum();
        assert!((scam - 0.25).abs() < 1e-5);
        assert!((probabilities.values().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(probabilities.len(), 19);
    }
}
