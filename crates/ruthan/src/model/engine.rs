//! The engines: what runs the network.

use std::path::PathBuf;

use super::features::Features;
use crate::error::Error;
use crate::label::Label;

/// Which engine runs the network. All give the same scores to 1e-4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engine {
    /// ONNX Runtime if the environment variable `ORT_DYLIB_PATH` names a library, else the embedded engine.
    #[default]
    Auto,
    /// The engine inside this library (RTen, pure Rust). Needs nothing.
    Embedded,
    /// The ONNX Runtime library at this path, 1.17 or newer. Loaded once per process: a second path is refused.
    OnnxRuntime(PathBuf),
}

/// What runs a network on rows of features.
pub(crate) trait Run: Send + Sync {
    /// The engine's name.
    fn name(&self) -> &'static str;

    /// Runs `operation` on the threads on which batches are run.
    fn install(&self, operation: &mut (dyn FnMut() + Send));

    /// Computes the logits of each row, row by row in one vector of `rows * 19`.
    fn logits(&self, rows: &[&Features]) -> Result<Vec<f32>, Error>;
}

/// Lays rows out side by side, padded to the longest with slots of value zero, which add exactly nothing.
pub(crate) fn pad(rows: &[&Features]) -> (usize, Vec<i32>, Vec<f32>) {
    let width = rows.iter().map(|row| row.slots.len()).max().unwrap_or(0).max(1);
    let mut slots = Vec::with_capacity(rows.len() * width);
    let mut values = Vec::with_capacity(rows.len() * width);
    for row in rows {
        slots.extend_from_slice(&row.slots);
        values.extend_from_slice(&row.values);
        let filled = slots.len().next_multiple_of(width).max(width);
        slots.resize(filled, 0);
        values.resize(filled, 0.0);
    }
    slots.resize(rows.len() * width, 0);
    values.resize(rows.len() * width, 0.0);
    (width, slots, values)
}

/// Checks that a network answered with 19 finite numbers a row.
pub(crate) fn checked(
    engine: &'static str,
    logits: Vec<f32>,
    rows: usize,
) -> Result<Vec<f32>, Error> {
    let fail = |cause: String| Err(Error::Run { engine, cause });
    if logits.len() != rows * Label::ALL.len() {
        return fail(format!(
            "{} numbers for {rows} rows of {} labels",
            logits.len(),
            Label::ALL.len()
        ));
    }
    if logits.iter().any(|x| !x.is_finite()) {
        return fail("the network gave a number that is not finite".into());
    }
    Ok(logits)
}
