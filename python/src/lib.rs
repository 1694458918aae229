//! The Python binding: hands values across and holds no logic of its own.

// Values from Python arrive owned.
#![allow(clippy::needless_pass_by_value)]

use std::path::PathBuf;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use ruthan::Engine;

/// A Rust error in Python's words.
fn raise(error: &ruthan::Error) -> PyErr {
    match error {
        ruthan::Error::Run { .. } | ruthan::Error::Threads { .. } => {
            PyRuntimeError::new_err(error.to_string())
        }
        _ => PyValueError::new_err(error.to_string()),
    }
}

fn to_json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

/// The classifier of the Rust library; `ruthan.Classifier` wraps it.
#[pyclass(frozen)]
struct Classifier {
    inner: ruthan::Classifier,
}

#[pymethods]
impl Classifier {
    #[new]
    #[pyo3(signature = (model_dir, onnxruntime, threads, lists_dir, show_ids))]
    fn new(
        py: Python<'_>,
        model_dir: Option<PathBuf>,
        onnxruntime: Option<PathBuf>,
        threads: Option<usize>,
        lists_dir: Option<PathBuf>,
        show_ids: bool,
    ) -> PyResult<Self> {
        py.detach(|| {
            let mut builder = ruthan::Classifier::builder()
                .engine(onnxruntime.map_or(Engine::Embedded, Engine::OnnxRuntime))
                .show_ids(show_ids);
            if let Some(folder) = lists_dir {
                builder = builder.lists_dir(folder);
            }
            if let Some(folder) = model_dir {
                builder = builder.model_dir(folder);
            }
            if let Some(threads) = threads {
                builder = builder.threads(threads);
            }
            builder.build()
        })
        .map(|inner| Self { inner })
        .map_err(|error| raise(&error))
    }

    #[getter]
    fn model(&self) -> &str {
        self.inner.model()
    }

    #[getter]
    fn engine(&self) -> &'static str {
        self.inner.engine()
    }

    /// Classifies a text; returns JSON.
    fn classify(&self, py: Python<'_>, text: &str) -> PyResult<String> {
        let classification =
            py.detach(|| self.inner.classify(text)).map_err(|error| raise(&error))?;
        to_json(&classification)
    }

    /// Classifies texts on all threads; returns JSON, one item for each. `None` stays `None`.
    fn classify_batch(
        &self,
        py: Python<'_>,
        texts: Vec<Option<String>>,
    ) -> PyResult<Vec<Option<String>>> {
        py.detach(|| {
            let present: Vec<&str> = texts.iter().flatten().map(String::as_str).collect();
            let mut results = self.inner.classify_batch(&present).into_iter();
            texts
                .iter()
                .enumerate()
                .map(|(place, text)| match (text, text.as_ref().and_then(|_| results.next())) {
                    (Some(_), Some(Ok(classification))) => to_json(&classification).map(Some),
                    (Some(_), Some(Err(error))) => {
                        Err(PyValueError::new_err(format!("item {place}: {error}")))
                    }
                    _ => Ok(None),
                })
                .collect()
        })
    }
}

/// Normalises a text.
#[pyfunction]
fn normalize(text: &str) -> String {
    ruthan::normalize(text).text().to_owned()
}

/// The links of a text; returns JSON.
#[pyfunction]
fn links(text: &str) -> PyResult<String> {
    to_json(&ruthan::links(text))
}

/// The indicators of a text; returns JSON.
#[pyfunction]
fn indicators(text: &str) -> PyResult<String> {
    to_json(&ruthan::indicators(text))
}

/// The features of texts, for training: made by the code that classification uses.
///
/// Returns for each text its language, model text, evidence of each link and of the text, and number of windows;
/// then, for all windows one after another, the lengths (u32), slots (i32) and values (f32) as bytes.
#[pyfunction]
#[allow(clippy::type_complexity)]
fn examples<'py>(
    py: Python<'py>,
    texts: Vec<String>,
    config: &str,
) -> PyResult<(
    Vec<(&'static str, String, Vec<Vec<String>>, Vec<String>, usize)>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
)> {
    let config: ruthan::FeatureConfig =
        serde_json::from_str(config).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let (mut about, mut lengths, mut slots, mut values) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    py.detach(|| {
        for text in &texts {
            let example = ruthan::training::example(text, &config);
            let names = |kinds: &[ruthan::EvidenceKind]| {
                kinds.iter().map(ToString::to_string).collect::<Vec<_>>()
            };
            let links = example.links.iter().map(|kinds| names(kinds)).collect();
            about.push((
                example.language,
                example.model_text,
                links,
                names(&example.text),
                example.windows.len(),
            ));
            for window in &example.windows {
                lengths.extend(u32::try_from(window.rows.len()).unwrap_or(u32::MAX).to_le_bytes());
                slots.extend(window.rows.iter().flat_map(|slot| slot.to_le_bytes()));
                values.extend(window.values.iter().flat_map(|value| value.to_le_bytes()));
            }
        }
    });
    Ok((about, PyBytes::new(py, &lengths), PyBytes::new(py, &slots), PyBytes::new(py, &values)))
}

/// The module `ruthan._ruthan`.
#[pymodule]
mod _ruthan {
    /// The version of the normaliser, which a model's manifest states.
    #[pymodule_export]
    const NORMALIZER_VERSION: u32 = ruthan::NORMALIZER_VERSION;

    #[pymodule_export]
    use super::{Classifier, examples, indicators, links, normalize};
}
