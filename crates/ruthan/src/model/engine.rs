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
    /// The engine inside this library. Needs nothing.
    Embedded,
    /// The ONNX Runtime library at this path, 1.17 or newer. Loaded once per process: a second path is refused.
    OnnxRuntime(PathBuf),
}

/// What runs a network on features.
pub(crate) trait Run: Send + Sync {
    /// The engine's name.
    fn name(&self) -> &'static str;

    /// Computes the logits of each window, one after another in one vector of `windows * 19`.
    fn logits(&self, windows: &[&Features]) -> Result<Vec<f32>, Error>;
}

/// Checks that a network answered with 19 finite numbers a window.
pub(crate) fn checked(
    engine: &'static str,
    logits: Vec<f32>,
    windows: usize,
) -> Result<Vec<f32>, Error> {
    let fail = |cause: String| Err(Error::Run { engine, cause });
    if logits.len() != windows * Label::ALL.len() {
        return fail(format!(
            "{} numbers for {windows} windows and {} labels",
            logits.len(),
            Label::ALL.len()
        ));
    }
    if logits.iter().any(|x| !x.is_finite()) {
        return fail("the network gave a number that is not finite".into());
    }
    Ok(logits)
}
