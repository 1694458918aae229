//! The engine on an ONNX Runtime library of the user's own.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use super::engine::{Run, checked};
use super::features::Features;
use crate::error::Error;

const NAME: &str = "onnxruntime";

/// The library that the process has loaded: there can be one only.
static LOADED: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// A network loaded into ONNX Runtime.
pub(crate) struct OnnxRuntime {
    /// A session runs one call at a time, so there is one for each thread at most; idle ones wait here.
    idle: Mutex<Vec<Session>>,
    onnx: Vec<u8>,
    environment: Environment,
}

fn fail(cause: impl std::fmt::Display) -> Error {
    Error::Engine { engine: NAME, cause: format!("{cause}") }
}

/// Loads the library at `path`, or hands out the one that is loaded if it is the same.
fn environment(path: &Path) -> Result<Environment, Error> {
    // Canonical, so that one library is not taken for two, and never searched for elsewhere.
    let path =
        path.canonicalize().map_err(|error| fail(format!("`{}`: {error}", path.display())))?;
    if !path.is_file() {
        return Err(fail(format!("`{}` is not a file", path.display())));
    }
    let mut loaded = LOADED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((first, environment)) = loaded.as_ref() {
        return if *first == path {
            Ok(environment.clone())
        } else {
            Err(fail(format!(
                "this process has loaded `{}` already; `{}` would be a second library",
                first.display(),
                path.display()
            )))
        };
    }
    let environment = ort::init_from(&path)
        .map_err(fail)?
        .with_name("ruthan")
        .with_telemetry(false)
        .build()
        .map_err(fail)?;
    *loaded = Some((path, environment.clone()));
    Ok(environment)
}

impl OnnxRuntime {
    pub(crate) fn new(onnx: &[u8], path: &Path) -> Result<Self, Error> {
        let environment = environment(path)?;
        let engine = Self { idle: Mutex::default(), onnx: onnx.to_vec(), environment };
        let session = engine.session()?;
        for name in ["rows", "values"] {
            if !session.inputs().iter().any(|input| input.name() == name) {
                return Err(Error::Schema(format!("the network has no `{name}`")));
            }
        }
        if !session.outputs().iter().any(|output| output.name() == "logits") {
            return Err(Error::Schema("the network has no `logits`".into()));
        }
        engine.put_back(session);
        Ok(engine)
    }

    /// A session of one thread: batches are spread over threads by message, so none is needed within a call.
    fn session(&self) -> Result<Session, Error> {
        let build = || -> ort::Result<Session> {
            Session::builder(&self.environment)?
                .with_intra_threads(1)?
                .with_inter_threads(1)?
                .with_optimization_level(GraphOptimizationLevel::Level1)?
                .commit_from_memory(&self.onnx)
        };
        build().map_err(fail)
    }

    fn take(&self) -> Result<Session, Error> {
        let idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        idle.map_or_else(|| self.session(), Ok)
    }

    fn put_back(&self, session: Session) {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(session);
    }
}

impl Run for OnnxRuntime {
    fn name(&self) -> &'static str {
        NAME
    }

    fn logits(&self, windows: &[&Features]) -> Result<Vec<f32>, Error> {
        let (width, rows, values) = pad(windows);
        let shape = [windows.len(), width];
        let mut session = self.take()?;
        let mut run = || -> ort::Result<Vec<f32>> {
            let inputs = ort::inputs![
                "rows" => TensorRef::from_array_view((shape, &rows[..]))?,
                "values" => TensorRef::from_array_view((shape, &values[..]))?,
            ];
            let outputs = session.run(inputs)?;
            let (_, logits) = outputs["logits"].try_extract_tensor::<f32>()?;
            Ok(logits.to_vec())
        };
        let logits = run().map_err(|error| Error::Run { engine: NAME, cause: error.to_string() });
        self.put_back(session);
        checked(NAME, logits?, windows.len())
    }
}

/// Lays the features of windows out side by side, padded to the longest with rows of value zero, which add exactly
/// nothing.
fn pad(windows: &[&Features]) -> (usize, Vec<i32>, Vec<f32>) {
    let width = windows.iter().map(|f| f.rows.len()).max().unwrap_or(0).max(1);
    let mut rows = Vec::with_capacity(windows.len() * width);
    let mut values = Vec::with_capacity(windows.len() * width);
    for (place, features) in (1..).zip(windows) {
        rows.extend_from_slice(&features.rows);
        values.extend_from_slice(&features.values);
        rows.resize(place * width, 0);
        values.resize(place * width, 0.0);
    }
    (width, rows, values)
}
