//! The stages that can be called alone, and the names that the library knows.

use pyo3::prelude::*;
use ruthan::{EvidenceKind, Label, Verdict};

use crate::answer::{self, Indicator, Link, name};
use crate::places::Places;

/// One thing that the normaliser undid.
#[derive(IntoPyObject)]
struct Change {
    kind: String,
    span: (usize, usize),
    byte_span: (usize, usize),
}

/// Normalises a text: the text, its language and what was undone.
#[pyfunction]
pub(crate) fn normalize(
    py: Python<'_>,
    text: &str,
) -> PyResult<(String, &'static str, Vec<Py<PyAny>>)> {
    let normalized = py.detach(|| ruthan::normalize(text));
    let places = Places::new(text);
    let changes = normalized
        .changes()
        .iter()
        .map(|change| {
            let change = Change {
                kind: name(change.kind),
                span: places.span(change.span),
                byte_span: (change.span.start as usize, change.span.end as usize),
            };
            Ok(change.into_pyobject(py)?.into_any().unbind())
        })
        .collect::<PyResult<_>>()?;
    Ok((normalized.text().to_owned(), normalized.language().as_str(), changes))
}

/// Finds and judges the links of a text. Weights are zero: they belong to a model.
#[pyfunction]
pub(crate) fn links<'py>(py: Python<'py>, text: &str) -> PyResult<Vec<Bound<'py, PyAny>>> {
    links_as_python(py, text, &py.detach(|| ruthan::links(text)))
}

/// Finds the indicators of a text.
#[pyfunction]
pub(crate) fn indicators<'py>(py: Python<'py>, text: &str) -> PyResult<Vec<Bound<'py, PyAny>>> {
    indicators_as_python(py, text, &py.detach(|| ruthan::indicators(text)))
}

/// Hands over the links of `text`.
pub(crate) fn links_as_python<'py>(
    py: Python<'py>,
    text: &str,
    found: &[ruthan::Link],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let places = Places::new(text);
    answer::links(found, &places)
        .map(|link: Link<'_>| Ok(link.into_pyobject(py)?.into_any()))
        .collect()
}

/// Hands over the indicators of `text`.
pub(crate) fn indicators_as_python<'py>(
    py: Python<'py>,
    text: &str,
    found: &[ruthan::Indicator],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let places = Places::new(text);
    answer::indicators(found, &places)
        .map(|found: Indicator<'_>| Ok(found.into_pyobject(py)?.into_any()))
        .collect()
}

/// Lists the verdicts.
#[pyfunction]
pub(crate) fn verdicts() -> Vec<&'static str> {
    use Verdict::{Clean, Scam, Spam, Suspicious, Unknown};
    [Clean, Spam, Suspicious, Scam, Unknown].map(Verdict::as_str).to_vec()
}

/// Lists the labels: name, class, and names for people in English and Thai.
#[pyfunction]
pub(crate) fn labels() -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    Label::ALL.iter().map(|l| (l.as_str(), l.class().as_str(), l.english(), l.thai())).collect()
}

/// Lists the kinds of evidence: name, and what they say in English and Thai.
#[pyfunction]
pub(crate) fn evidence_kinds() -> Vec<(&'static str, &'static str, &'static str)> {
    EvidenceKind::ALL.iter().map(|kind| (kind.as_str(), kind.english(), kind.thai())).collect()
}
