//! Samples drawn by lot, and what is marked in them.

use std::collections::BTreeMap;

use ruthan::{Classification, EvidenceKind, Label, Span, Verdict};

use super::Judged;
use super::shown::Shown;
use super::wording::Phrase;
use crate::campaigns::cut;
use crate::digest::digest;

/// How many samples of each verdict and kind.
const OF_EACH: usize = 6;
/// How much of a message is kept, in bytes.
const LONGEST: usize = 4_096;
/// How many reasons and indicators of a message are kept.
const MOST_MARKS: usize = 64;

/// Draws samples: of each verdict and kind those whose texts' hashes are the least, which is a lot that falls the same
/// way each time. Equal texts are drawn once. At most 6 of each of 19 kinds and 5 verdicts, 4 KiB each.
#[derive(Debug, Default)]
pub(super) struct Lot {
    drawn: BTreeMap<(Verdict, Label), BTreeMap<u64, Drawn>>,
}

/// A message that was drawn.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) text: String,
    pub(super) is_cut: bool,
    pub(super) classification: Classification,
    pub(super) sender: Option<String>,
    pub(super) time: Option<i64>,
    pub(super) file: String,
    pub(super) row: u64,
}

impl Lot {
    pub(super) fn add(&mut self, judged: &Judged<'_>) {
        let c = judged.classification;
        let drawn = self.drawn.entry((c.verdict, c.label)).or_default();
        let lot = digest(&["sample", judged.text]);
        let highest = drawn.last_key_value().map(|(&lot, _)| lot);
        if drawn.contains_key(&lot) || (drawn.len() >= OF_EACH && highest < Some(lot)) {
            return;
        }
        drawn.insert(lot, Drawn::new(judged));
        if drawn.len() > OF_EACH {
            drawn.pop_last();
        }
    }

    /// The samples, the highest score first.
    pub(super) fn into_drawn(self) -> Vec<Drawn> {
        let mut all: Vec<Drawn> =
            self.drawn.into_values().flat_map(BTreeMap::into_values).collect();
        all.sort_by(|a, b| b.classification.score.total_cmp(&a.classification.score));
        all
    }
}

impl Drawn {
    fn new(judged: &Judged<'_>) -> Self {
        let text = cut(judged.text, LONGEST);
        let mut classification = judged.classification.clone();
        classification.evidence.truncate(MOST_MARKS);
        classification.links.clear();
        classification.probabilities.clear();
        Self {
            text: text.to_owned(),
            is_cut: text.len() < judged.text.len(),
            classification,
            sender: judged.sender.map(|sender| cut(sender, 96).to_owned()),
            time: judged.time,
            file: judged.file.to_owned(),
            row: judged.row,
        }
    }

    /// The text in runs, each with what there is to say of it.
    pub(super) fn runs(&self) -> Vec<Run> {
        let marks = self.marks();
        let mut edges: Vec<usize> = marks
            .iter()
            .flat_map(|(range, ..)| [range.start, range.end])
            .chain([0, self.text.len()])
            .collect();
        edges.sort_unstable();
        edges.dedup();
        edges
            .windows(2)
            .map(|edge| {
                let here: Vec<_> = marks
                    .iter()
                    .filter(|(range, ..)| range.start <= edge[0] && edge[1] <= range.end)
                    .collect();
                Run {
                    shown: Shown::new(&self.text[edge[0]..edge[1]]),
                    class: here.iter().map(|m| m.1).min().map_or("", Weighs::class),
                    reasons: here.iter().map(|m| m.2.clone()).collect(),
                }
            })
            .collect()
    }

    /// Where something counts, how, and why; only what lies within the text.
    fn marks(&self) -> Vec<(std::ops::Range<usize>, Weighs, Phrase)> {
        let wording = super::Wording::get();
        let c = &self.classification;
        let reasons = c.evidence.iter().filter_map(|e| {
            let weighs = if e.weight > 0.0 { Weighs::Against } else { Weighs::For };
            Some((e.span?, weighs, self.reason(e.kind)))
        });
        let facts = c
            .indicators
            .iter()
            .take(MOST_MARKS)
            .filter_map(|i| Some((i.span, Weighs::Nothing, wording.of_indicator(i.kind)?)));
        let within = |span: Span| {
            let range = span.start as usize..(span.end as usize).min(self.text.len());
            self.text.get(range.clone()).is_some_and(|run| !run.is_empty()).then_some(range)
        };
        reasons
            .chain(facts)
            .filter_map(|(span, weighs, phrase)| Some((within(span)?, weighs, phrase)))
            .collect()
    }

    /// A reason in plain words. What the wording is like, the label says.
    pub(super) fn reason(&self, kind: EvidenceKind) -> Phrase {
        let reason = Phrase::of_reason(kind);
        if kind != EvidenceKind::Wording {
            return reason;
        }
        let label = self.classification.label;
        Phrase::new(
            format!("{} ({})", reason.th, label.thai()),
            format!("{} ({})", reason.en, label.english()),
        )
    }
}

/// Which way something weighs, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weighs {
    Against,
    For,
    Nothing,
}

impl Weighs {
    const fn class(self) -> &'static str {
        match self {
            Self::Against => "against",
            Self::For => "for",
            Self::Nothing => "fact",
        }
    }
}

/// A stretch of a message.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) shown: Shown,
    pub(super) class: &'static str,
    pub(super) reasons: Vec<Phrase>,
}
