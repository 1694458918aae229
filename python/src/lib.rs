//! The Python binding: hands values across and holds no logic of its own.
//!
//! What comes in is read by `texts`, chunk by chunk; what goes out is shaped in `answer`, once, and laid out as Python
//! values or, by `columns`, as an Arrow table.

// Values from Python arrive owned.
#![allow(clippy::needless_pass_by_value)]

mod answer;
mod classifier;
mod columns;
mod places;
mod stages;
mod table;
mod texts;
mod training;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

/// A Rust error in Python's words.
fn raise(error: &ruthan::Error) -> PyErr {
    match error {
        ruthan::Error::Run { .. } | ruthan::Error::Threads { .. } => {
            PyRuntimeError::new_err(error.to_string())
        }
        _ => PyValueError::new_err(error.to_string()),
    }
}

/// The module `ruthan._ruthan`.
#[pymodule]
mod _ruthan {
    /// The version of the normaliser, which a model's manifest states.
    #[pymodule_export]
    const NORMALIZER_VERSION: u32 = ruthan::NORMALIZER_VERSION;

    #[pymodule_export]
    use super::classifier::Classifier;
    #[pymodule_export]
    use super::stages::{evidence_kinds, indicators, labels, links, normalize, verdicts};
    #[pymodule_export]
    use super::table::Table;
    #[pymodule_export]
    use super::training::examples;
}
