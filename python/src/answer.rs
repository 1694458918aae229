//! What goes out: the library's answers with places in code points and numbers as Python has them.
//!
//! Each struct becomes a `dict` with the names of its fields, from which the package makes its own classes.

use pyo3::prelude::*;
use ruthan::{Classification, Span};
use serde::Serialize;

use crate::places::Places;

/// The number as the command line writes it: the shortest decimal that is the same `f32`.
pub(crate) fn decimal(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}

/// The name of a kind that only serde knows how to write.
pub(crate) fn name(kind: impl Serialize) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// A span in bytes of UTF-8.
fn bytes(span: Span) -> (usize, usize) {
    (span.start as usize, span.end as usize)
}

/// A reason and its weight, of a message.
#[derive(IntoPyObject)]
pub(crate) struct Evidence<'a> {
    pub(crate) kind: &'static str,
    pub(crate) span: Option<(usize, usize)>,
    pub(crate) byte_span: Option<(usize, usize)>,
    pub(crate) weight: f64,
    pub(crate) text: &'a str,
}

/// A reason and its weight, of a link.
#[derive(IntoPyObject)]
pub(crate) struct LinkEvidence {
    pub(crate) kind: &'static str,
    pub(crate) weight: f64,
}

/// A link, judged.
#[derive(IntoPyObject)]
pub(crate) struct Link<'a> {
    pub(crate) url: &'a str,
    pub(crate) text: &'a str,
    pub(crate) host: &'a str,
    pub(crate) registrable_domain: Option<&'a str>,
    pub(crate) span: (usize, usize),
    pub(crate) byte_span: (usize, usize),
    pub(crate) evidence: Vec<LinkEvidence>,
}

/// Something by which cases are linked.
#[derive(IntoPyObject)]
pub(crate) struct Indicator<'a> {
    pub(crate) kind: String,
    pub(crate) value: &'a str,
    pub(crate) text: &'a str,
    pub(crate) bank: Option<&'a str>,
    pub(crate) span: (usize, usize),
    pub(crate) byte_span: (usize, usize),
}

/// All of a classification.
#[derive(IntoPyObject)]
pub(crate) struct Answer<'a> {
    score: f64,
    verdict: &'static str,
    label: &'static str,
    language: &'static str,
    evidence: Vec<Evidence<'a>>,
    links: Vec<Link<'a>>,
    indicators: Vec<Indicator<'a>>,
    model: &'a str,
    probabilities: Vec<(&'static str, f64)>,
}

impl<'a> Answer<'a> {
    /// A classification, with the places of its text.
    pub(crate) fn new(c: &'a Classification, places: &'a Places<'_>) -> Self {
        Self {
            score: decimal(c.score),
            verdict: c.verdict.as_str(),
            label: c.label.as_str(),
            language: c.language.as_str(),
            evidence: evidence(&c.evidence, places).collect(),
            links: links(&c.links, places).collect(),
            indicators: indicators(&c.indicators, places).collect(),
            model: &c.model,
            probabilities: c
                .probabilities
                .iter()
                .map(|(label, &share)| (label.as_str(), decimal(share)))
                .collect(),
        }
    }
}

/// A word, and what it did to the score.
#[derive(IntoPyObject)]
pub(crate) struct Attribution {
    span: (usize, usize),
    byte_span: (usize, usize),
    weight: f64,
}

/// All of an explanation.
#[derive(IntoPyObject)]
pub(crate) struct Explained<'a> {
    classification: Answer<'a>,
    words: Vec<Attribution>,
}

impl<'a> Explained<'a> {
    /// An explanation, with the places of its text.
    pub(crate) fn new(explanation: &'a ruthan::Explanation, places: &'a Places<'_>) -> Self {
        let word = |word: &ruthan::Attribution| Attribution {
            span: places.span(word.span),
            byte_span: bytes(word.span),
            weight: decimal(word.weight),
        };
        Self {
            classification: Answer::new(&explanation.classification, places),
            words: explanation.words.iter().map(word).collect(),
        }
    }
}

/// The reasons of a message.
pub(crate) fn evidence<'a>(
    evidence: &'a [ruthan::Evidence],
    places: &'a Places<'_>,
) -> impl Iterator<Item = Evidence<'a>> {
    evidence.iter().map(|reason| Evidence {
        kind: reason.kind.as_str(),
        span: reason.span.map(|span| places.span(span)),
        byte_span: reason.span.map(bytes),
        weight: decimal(reason.weight),
        text: &reason.text,
    })
}

/// The links of a message.
pub(crate) fn links<'a>(
    links: &'a [ruthan::Link],
    places: &'a Places<'_>,
) -> impl Iterator<Item = Link<'a>> {
    links.iter().map(|link| Link {
        url: &link.url,
        text: &link.text,
        host: &link.host,
        registrable_domain: link.registrable_domain.as_deref(),
        span: places.span(link.span),
        byte_span: bytes(link.span),
        evidence: link
            .evidence
            .iter()
            .map(|e| LinkEvidence { kind: e.kind.as_str(), weight: decimal(e.weight) })
            .collect(),
    })
}

/// The indicators of a message.
pub(crate) fn indicators<'a>(
    indicators: &'a [ruthan::Indicator],
    places: &'a Places<'_>,
) -> impl Iterator<Item = Indicator<'a>> {
    indicators.iter().map(|found| Indicator {
        kind: name(found.kind),
        value: &found.value,
        text: &found.text,
        bank: found.bank.as_deref(),
        span: places.span(found.span),
        byte_span: bytes(found.span),
    })
}
