//! The classifier.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use arrow_array::RecordBatch;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use ruthan::{Engine, Message, Policy};

use crate::answer::{Answer, Explained, decimal};
use crate::columns::{Column, Columns, Row};
use crate::places::Places;
use crate::raise;
use crate::stages::{indicators_as_python, links_as_python};
use crate::table::Table;
use crate::texts::{BYTES, Texts, strings};

/// The classifier of the Rust library; `ruthan.Classifier` wraps it.
#[pyclass(frozen, module = "ruthan._ruthan")]
pub(crate) struct Classifier {
    settings: Settings,
    built: Mutex<Built>,
}

/// What a classifier is made from.
struct Settings {
    model_dir: Option<PathBuf>,
    onnxruntime: Option<PathBuf>,
    threads: Option<usize>,
    lists_dir: Option<PathBuf>,
    show_ids: bool,
    suspicious_at: Option<f32>,
    scam_at: Option<f32>,
    max_bytes: Option<usize>,
}

impl Settings {
    fn build(&self) -> Result<ruthan::Classifier, ruthan::Error> {
        let mut policy = Policy::new();
        if let Some(score) = self.suspicious_at {
            policy = policy.suspicious(score);
        }
        if let Some(score) = self.scam_at {
            policy = policy.scam(score);
        }
        let engine = self.onnxruntime.clone().map_or(Engine::Embedded, Engine::OnnxRuntime);
        let mut builder =
            ruthan::Classifier::builder().engine(engine).policy(policy).show_ids(self.show_ids);
        if let Some(folder) = &self.lists_dir {
            builder = builder.lists_dir(folder);
        }
        if let Some(folder) = &self.model_dir {
            builder = builder.model_dir(folder);
        }
        if let Some(threads) = self.threads {
            builder = builder.threads(threads);
        }
        if let Some(limit) = self.max_bytes {
            builder = builder.max_bytes(limit);
        }
        builder.build()
    }
}

/// A classifier, and the process whose threads it runs on.
struct Built {
    classifier: ruthan::Classifier,
    process: u32,
}

impl Classifier {
    /// The classifier of this process. Threads do not survive a fork, so a child makes its own.
    ///
    /// The lock is only taken, and given back, while attached to the interpreter, as `os.fork` is: no child ever finds
    /// it held by a thread that it has not got.
    fn get(&self, _attached: Python<'_>) -> PyResult<ruthan::Classifier> {
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if built.process != process {
            let classifier = self.settings.build().map_err(|error| raise(&error))?;
            // Dropped, it would wait for threads that are not there.
            std::mem::forget(std::mem::replace(&mut built.classifier, classifier));
            built.process = process;
        }
        Ok(built.classifier.clone())
    }
}

#[pymethods]
impl Classifier {
    #[new]
    #[pyo3(signature = (model_dir, onnxruntime, threads, lists_dir, show_ids, suspicious_at, scam_at, max_bytes))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        model_dir: Option<PathBuf>,
        onnxruntime: Option<PathBuf>,
        threads: Option<usize>,
        lists_dir: Option<PathBuf>,
        show_ids: bool,
        suspicious_at: Option<f32>,
        scam_at: Option<f32>,
        max_bytes: Option<usize>,
    ) -> PyResult<Self> {
        let settings = Settings {
            model_dir,
            onnxruntime,
            threads,
            lists_dir,
            show_ids,
            suspicious_at,
            scam_at,
            max_bytes,
        };
        let classifier = py.detach(|| settings.build()).map_err(|error| raise(&error))?;
        let built = Mutex::new(Built { classifier, process: std::process::id() });
        Ok(Self { settings, built })
    }

    #[getter]
    fn model(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.get(py)?.model().to_owned())
    }

    #[getter]
    fn engine(&self, py: Python<'_>) -> PyResult<&'static str> {
        Ok(self.get(py)?.engine())
    }

    /// The scores from which a message is suspicious, and a scam.
    #[getter]
    fn thresholds(&self, py: Python<'_>) -> PyResult<(f64, f64)> {
        let classifier = self.get(py)?;
        let model = classifier.manifest().thresholds;
        let suspicious = self.settings.suspicious_at.unwrap_or(model.suspicious.score);
        let scam = self.settings.scam_at.unwrap_or(model.scam.score);
        Ok((decimal(suspicious), decimal(scam)))
    }

    /// Classifies a text.
    #[pyo3(signature = (text, sender=None))]
    fn classify<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        sender: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let classifier = self.get(py)?;
        let message = message(text, sender);
        let classification =
            py.detach(|| classifier.classify(message)).map_err(|error| raise(&error))?;
        Ok(Answer::new(&classification, &Places::new(text)).into_pyobject(py)?.into_any())
    }

    /// Classifies a text and says which words moved the model.
    #[pyo3(signature = (text, sender=None))]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        sender: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let classifier = self.get(py)?;
        let message = message(text, sender);
        let explanation =
            py.detach(|| classifier.explain(message)).map_err(|error| raise(&error))?;
        Ok(Explained::new(&explanation, &Places::new(text)).into_pyobject(py)?.into_any())
    }

    /// Classifies texts on all threads, some thousands at a time; between them signals are heeded.
    ///
    /// A text that cannot be classified raises, or leaves its row empty where `on_error_raise` is false.
    #[pyo3(signature = (texts, columns, on_error_raise))]
    fn classify_batch(
        &self,
        py: Python<'_>,
        texts: &Bound<'_, PyAny>,
        columns: Vec<String>,
        on_error_raise: bool,
    ) -> PyResult<Table> {
        let classifier = self.get(py)?;
        let mut columns = Columns::new(&named(&columns)?);
        let schema = columns.schema();
        let mut texts = Texts::open(texts)?;
        let (mut batches, mut position): (Vec<RecordBatch>, usize) = (Vec::new(), 0);
        while let Some(array) = texts.read()? {
            let rows = strings(array.as_ref());
            for part in parts(&rows) {
                py.detach(|| classify_part(&classifier, part, &mut columns, on_error_raise))
                    .map_err(|(place, error)| in_batch(position + place, &error))?;
                position += part.len();
                py.check_signals()?;
            }
            let batch = columns.finish(&schema);
            batches.push(batch.map_err(|error| PyRuntimeError::new_err(error.to_string()))?);
        }
        Ok(Table::new(schema, batches))
    }

    /// Finds and judges the links of a text with the lists and weights of this classifier.
    fn links<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let classifier = self.get(py)?;
        links_as_python(py, text, &py.detach(|| classifier.links(text)))
    }

    /// Finds the indicators of a text with the lists of this classifier.
    fn indicators<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let classifier = self.get(py)?;
        indicators_as_python(py, text, &py.detach(|| classifier.indicators(text)))
    }
}

/// The message, with its sender if that is known.
fn message<'m>(text: &'m str, sender: Option<&'m str>) -> Message<'m> {
    let message = Message::new(text);
    sender.map_or(message, |sender| message.sender(sender))
}

/// The columns of those names.
fn named(names: &[String]) -> PyResult<Vec<(&'static str, Column)>> {
    let find = |name: &String| {
        Column::ALL.into_iter().find(|(known, _)| known == name).ok_or_else(|| {
            let known = Column::ALL.map(|(known, _)| known).join(", ");
            PyValueError::new_err(format!("no column `{name}`: there are {known}"))
        })
    };
    names.iter().map(find).collect()
}

/// Cuts rows so that the texts of each part but the largest have less than `BYTES`.
fn parts<'r, 't>(rows: &'r [Option<&'t str>]) -> impl Iterator<Item = &'r [Option<&'t str>]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let full = rest.iter().position(|text| {
            bytes += text.map_or(0, str::len);
            bytes >= BYTES
        });
        let (part, left) = rest.split_at(full.map_or(rest.len(), |last| last + 1));
        rest = left;
        (!part.is_empty()).then_some(part)
    })
}

/// Classifies the texts that are there and adds a row for each.
fn classify_part(
    classifier: &ruthan::Classifier,
    rows: &[Option<&str>],
    columns: &mut Columns,
    on_error_raise: bool,
) -> Result<(), (usize, ruthan::Error)> {
    let texts: Vec<&str> = rows.iter().flatten().copied().collect();
    let mut answers = classifier.classify_batch(&texts).into_iter();
    for (place, row) in rows.iter().enumerate() {
        match row.and_then(|text| answers.next().map(|answer| (text, answer))) {
            None => columns.push(Row::Null),
            Some((text, Ok(answer))) => columns.push(Row::Answer(text, &answer)),
            Some((_, Err(error))) if on_error_raise => return Err((place, error)),
            Some((_, Err(error))) => columns.push(Row::Failed(&error)),
        }
    }
    Ok(())
}

/// The error of one text among many.
fn in_batch(position: usize, error: &ruthan::Error) -> PyErr {
    let text = format!("item {position}: {error}");
    match error {
        ruthan::Error::Run { .. } => PyRuntimeError::new_err(text),
        _ => PyValueError::new_err(text),
    }
}
