//! The third stage: what the words say. A folder is a model; an engine runs it.

mod embedded;
mod engine;
pub(crate) mod features;
mod manifest;
mod onnx;
#[cfg(feature = "onnxruntime")]
mod onnxruntime;
mod vocabulary;

use std::fmt::Write as _;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use prost::bytes::Bytes;
use sha2::{Digest, Sha256};

pub use engine::Engine;
pub(crate) use engine::Run;
pub use features::{FeatureConfig, Features};
pub use manifest::{Calibration, Manifest, Tensor, Threshold, Thresholds, Unread};
pub(crate) use vocabulary::Vocabulary;

use crate::error::Error;

/// The network's file in a model folder.
const NETWORK: &str = "model.onnx";
/// The file that says which n-grams the network knows.
const VOCABULARY: &str = "vocabulary.bin";
/// The longest `manifest.json` that is read, in bytes.
const MOST_MANIFEST: u64 = 1 << 20;
/// The longest other file of a model folder that is read, in bytes: some thirty times what the model inside has.
const MOST_FILE: u64 = 256 << 20;

/// The files of a model, checked against the hashes of its manifest.
#[derive(Debug)]
pub(crate) struct ModelFiles {
    pub(crate) manifest: Manifest,
    pub(crate) vocabulary: Vocabulary,
    network: Bytes,
}

impl ModelFiles {
    /// The model that travels inside the program. Its hashes were checked when the program was built.
    #[cfg(feature = "embedded-model")]
    pub(crate) fn embedded() -> Result<Self, Error> {
        Self::gathered(Manifest::parse(ruthan_model::MANIFEST)?, |name, _| {
            ruthan_model::file(name)
                .map(Bytes::from_static)
                .ok_or_else(|| Error::Schema(format!("the embedded model has no file `{name}`")))
        })
    }

    /// Without the feature `embedded-model` there is none.
    #[cfg(not(feature = "embedded-model"))]
    pub(crate) fn embedded() -> Result<Self, Error> {
        Err(Error::NoModel)
    }

    /// Reads a model folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let read = |name: &str, most: u64| {
            read_within(folder, name, most)
                .map_err(|source| Error::ModelFile { path: folder.join(name), source })
        };
        let manifest = Manifest::parse(&read("manifest.json", MOST_MANIFEST)?)?;
        // Names are checked to be plain before any is opened.
        Self::gathered(manifest, |name, expected| {
            let bytes = read(name, MOST_FILE)?;
            let found = sha256(&bytes);
            if found != expected {
                return Err(Error::Hash { file: name.into(), expected: expected.into(), found });
            }
            Ok(bytes.into())
        })
    }

    /// Gathers the files that `manifest` names; `read` gives the bytes of each, by its name and hash.
    fn gathered(
        manifest: Manifest,
        read: impl Fn(&str, &str) -> Result<Bytes, Error>,
    ) -> Result<Self, Error> {
        let (mut network, mut vocabulary) = (None, None);
        for (name, hash) in &manifest.files {
            let bytes = read(name, hash)?;
            match name.as_str() {
                NETWORK => network = Some(bytes),
                VOCABULARY => vocabulary = Some(bytes),
                _ => {}
            }
        }
        let missing = |name| Error::Schema(format!("manifest.json names no `{name}`"));
        let network = network.ok_or_else(|| missing(NETWORK))?;
        if has_external_data(&network) {
            return Err(Error::Schema(format!(
                "{NETWORK} keeps weights in another file (ONNX external data): it must be one file"
            )));
        }
        let vocabulary = vocabulary.ok_or_else(|| missing(VOCABULARY))?;
        let vocabulary =
            Vocabulary::parse(&vocabulary, manifest.features.slots, manifest.features.rows)?;
        Ok(Self { manifest, vocabulary, network })
    }
}

/// Reads a plain file of at most `most` bytes that lies in `folder`, and not only seems to: a link out of it is refused.
fn read_within(folder: &Path, name: &str, most: u64) -> io::Result<Vec<u8>> {
    let refused = |cause: String| Err(io::Error::new(io::ErrorKind::InvalidInput, cause));
    let path = folder.join(name).canonicalize()?;
    if !path.starts_with(folder.canonicalize()?) {
        return refused("it is a link that leads out of the model folder".into());
    }
    // Before it is opened: opening a pipe waits for whoever writes to it.
    if !path.metadata()?.is_file() {
        return refused("it is not a file".into());
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return refused(format!("it is longer than {most} bytes, the most that is read"));
    }
    Ok(bytes)
}

/// Whether a network names files beside it, which no hash covers and which ONNX Runtime would look for in the working
/// directory. The entry of a tensor that does so has the key `location`, which stands in the file as it is; a network
/// for this library has no other use for the word.
fn has_external_data(network: &[u8]) -> bool {
    memchr::memmem::find(network, b"location").is_some()
}

/// SHA-256 of `bytes` in lower-case hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Starts `engine` with the network of `files`.
pub(crate) fn start(files: &ModelFiles, engine: &Engine) -> Result<Arc<dyn Run>, Error> {
    let named = match engine {
        Engine::Auto => {
            std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()).map(PathBuf::from)
        }
        Engine::Embedded => None,
        Engine::OnnxRuntime(path) => Some(path.clone()),
    };
    let started: Arc<dyn Run> = match named {
        None => {
            Arc::new(embedded::Embedded::new(files.network.clone(), files.manifest.features.rows)?)
        }
        Some(path) => on_library(files, &path)?,
    };
    // A network whose table has fewer rows than the manifest says would fail on some messages only: ask for the last.
    let last = (files.manifest.features.rows - 1).cast_signed();
    started.logits(&[&Features { rows: vec![last], values: vec![1.0] }]).map_err(|error| {
        Error::Schema(format!("the network does not answer for row {last}: {error}"))
    })?;
    Ok(started)
}

#[cfg(feature = "onnxruntime")]
fn on_library(files: &ModelFiles, path: &Path) -> Result<Arc<dyn Run>, Error> {
    Ok(Arc::new(onnxruntime::OnnxRuntime::new(&files.network, path)?))
}

#[cfg(not(feature = "onnxruntime"))]
fn on_library(_: &ModelFiles, _: &Path) -> Result<Arc<dyn Run>, Error> {
    Err(Error::Engine {
        engine: "onnxruntime",
        cause: "this build is without the feature `onnxruntime`".into(),
    })
}
