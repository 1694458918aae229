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

    const BARS: Bars = Bars { suspicious: 0.5, scam: 0.9 };

    /// A model that doubles the network's log-odds and takes one off, and knows four signs.
    fn manifest() -> Manifest {
        let mut manifest = Manifest::parse(ruthan_model::MANIFEST).unwrap();
        manifest.calibration =
            BTreeMap::from([("th".to_owned(), Calibration { slope: 2.0, intercept: -1.0 })]);
        manifest.evidence = BTreeMap::from([
            (EvidenceKind::BrandMismatch, 3.0),
            (EvidenceKind::Shortener, 0.5),
            (EvidenceKind::HiddenCharacters, 0.0),
            (EvidenceKind::OwnDomain, -50.0),
        ]);
        manifest.unread.prior = -2.0;
        manifest.unread.evidence = BTreeMap::from([(EvidenceKind::Shortener, 1.5)]);
        manifest
    }

    fn weights(weighed: &Weighed) -> Vec<(EvidenceKind, f32)> {
        weighed.evidence.iter().map(|e| (e.kind, (e.weight * 1e3).round() / 1e3)).collect()
    }

    /// Logits of which the scam labels speak for log-odds of `odds`.
    fn logits(odds: f32) -> [f32; 19] {
        let mut logits = [-100.0; 19];
        logits[Label::Bank.index()] = odds;
        logits[Label::Notice.index()] = 0.0;
        logits
    }

    #[test]
    fn reasons_add_up_to_the_score_and_the_heaviest_is_first() {
        let span = Some(Span { start: 3, end: 9 });
        let signs = [
            (EvidenceKind::Shortener, None),
            (EvidenceKind::BrandMismatch, span),
            // Known already, and without weight.
            (EvidenceKind::BrandMismatch, None),
            (EvidenceKind::HiddenCharacters, span),
        ];
        let weighed = weigh(&manifest(), BARS, Language::Thai, &logits(1.0), &signs);
        assert_eq!(
            weights(&weighed),
            [
                (EvidenceKind::BrandMismatch, 3.0),
                (EvidenceKind::Wording, 1.0),
                (EvidenceKind::Shortener, 0.5)
            ]
        );
        assert_eq!(weighed.evidence[0].span, span);
        assert!((weighed.score - 1.0 / (1.0 + (-4.5f32).exp())).abs() < 1e-6, "{}", weighed.score);
        assert_eq!((weighed.verdict, weighed.label), (Verdict::Scam, Label::Bank));
    }

    #[test]
    fn no_sign_and_no_wording_weighs_without_bound() {
        let signs = [(EvidenceKind::OwnDomain, None)];
        let weighed = weigh(&manifest(), BARS, Language::Thai, &logits(1.0), &signs);
        assert_eq!(
            weights(&weighed),
            [(EvidenceKind::OwnDomain, -HEAVIEST), (EvidenceKind::Wording, 1.0)]
        );
        // Cut off at the bound, the reasons add up all the same.
        let signs = [(EvidenceKind::BrandMismatch, None)];
        let weighed = weigh(&manifest(), BARS, Language::Thai, &logits(40.0), &signs);
        assert_eq!(
            weights(&weighed),
            [(EvidenceKind::Wording, LIMIT - 3.0), (EvidenceKind::BrandMismatch, 3.0)]
        );
        assert!(weighed.score < 1.0);
        let weighed = weigh(&manifest(), BARS, Language::Thai, &logits(-40.0), &[]);
        assert_eq!(weights(&weighed), [(EvidenceKind::Wording, -LIMIT)]);
        assert!(weighed.score > 0.0);
    }

    #[test]
    fn what_cannot_be_read_is_judged_by_its_signs() {
        let signs = [(EvidenceKind::Shortener, None), (EvidenceKind::BrandMismatch, None)];
        let weighed = weigh(&manifest(), BARS, Language::Other, &logits(40.0), &signs);
        assert_eq!(
            weights(&weighed),
            [(EvidenceKind::Wording, -2.0), (EvidenceKind::Shortener, 1.5)]
        );
        assert_eq!(weighed.verdict, Verdict::Unknown);
    }

    #[test]
    fn a_bar_that_is_met_counts() {
        let judged = |score: f32, language: Language, other: Label| {
            let likely = BTreeMap::from([
                (Label::Personal, 0.01),
                (other, 0.02),
                (Label::Prize, 0.03),
                (Label::Loan, 0.04),
            ]);
            decide(BARS, language, score, &likely)
        };
        let thai = |score: f32| judged(score, Language::Thai, Label::Notice);
        assert_eq!(thai(0.9), (Verdict::Scam, Label::Loan));
        assert_eq!(thai(0.89), (Verdict::Suspicious, Label::Loan));
        assert_eq!(thai(0.5), (Verdict::Suspicious, Label::Loan));
        assert_eq!(thai(0.49), (Verdict::Clean, Label::Notice));
        assert_eq!(judged(0.1, Language::English, Label::Ad), (Verdict::Spam, Label::Ad));
        assert_eq!(judged(0.1, Language::Other, Label::Ad), (Verdict::Unknown, Label::Ad));
        assert_eq!(judged(0.9, Language::None, Label::Ad), (Verdict::Scam, Label::Loan));
    }

    #[test]
    fn the_first_disguise_is_a_sign_and_a_repeat_is_none() {
        let signs = |text: &str| signs_of_text(&crate::text::normalize(text));
        let hidden = signs("รับโบ\u{200B}นัส\u{200B}");
        assert_eq!(hidden.len(), 1);
        assert_eq!(hidden[0].0, EvidenceKind::HiddenCharacters);
        assert_eq!(hidden[0].1.unwrap().start, 15);
        assert_eq!(signs("รัuเงิน")[0].0, EvidenceKind::DisguisedLetters);
        assert_eq!(signs("รัu\u{200B}เงิน").len(), 2);
        assert_eq!(signs("รับเงินวันนี้"), []);
        assert_eq!(signs("มากกกกกกก"), []);
    }

    #[test]
    fn reasons_are_told_in_the_language_of_the_message() {
        let brand = |language| words(EvidenceKind::BrandMismatch, language, Label::Bank, 1.0);
        assert!(brand(Language::Thai).contains('ล') && brand(Language::English).is_ascii());
        let wording =
            |label, weight| words(EvidenceKind::Wording, Language::English, label, weight);
        assert!(wording(Label::Bank, 1.0).contains("like that of scams"));
        assert!(wording(Label::Bank, 0.0).contains("alone does not read like a scam"));
        assert!(!wording(Label::Notice, 1.0).contains("scam"));
        let unread = words(EvidenceKind::Wording, Language::Other, Label::Bank, 1.0);
        assert_ne!(unread, wording(Label::Bank, 1.0));
        assert_ne!(unread, wording(Label::Bank, -1.0));
    }
}
