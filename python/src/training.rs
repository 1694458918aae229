//! What training reads.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// The features of texts, for training: made by the code that classification uses.
///
/// Returns for each text its language, model text, evidence of each link and of the text, and number of windows;
/// then, for all windows one after another, the lengths (u32), slots (i32) and values (f32) as bytes.
#[pyfunction]
#[allow(clippy::type_complexity)]
pub(crate) fn examples<'py>(
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
