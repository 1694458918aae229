//! What can go wrong.

use std::path::PathBuf;

/// What went wrong. No variant ever holds text of a message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The message is longer than the limit.
    #[error("the message is {bytes} bytes long, more than the limit of {limit}")]
    TooLong {
        /// The length of the message in bytes.
        bytes: usize,
        /// The limit in bytes, see [`ClassifierBuilder::max_bytes`](crate::ClassifierBuilder::max_bytes).
        limit: usize,
    },
    /// A file of the model folder cannot be read.
    #[error("cannot read `{path}`: {source}")]
    ModelFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of the model folder is not the one that the manifest names.
    #[error("`{file}` is not the file that the manifest names: SHA-256 is {found}, not {expected}")]
    Hash {
        /// The file's name in the model folder.
        file: String,
        /// The hash that the manifest states.
        expected: String,
        /// The hash of the file.
        found: String,
    },
    /// The manifest or the network is not of the form that this version reads.
    #[error("the model cannot be used: {0}")]
    Schema(String),
    /// No model is at hand: the crate was built without one and no folder was named.
    #[error("no model: build with the feature `embedded-model` or name a folder with `model_dir`")]
    NoModel,
    /// The folder of lists cannot be used.
    #[error(transparent)]
    Lists(#[from] ruthan_data::ListsError),
    /// The engine cannot be started.
    #[error("the engine `{engine}` cannot be started: {cause}")]
    Engine {
        /// The engine's name.
        engine: &'static str,
        /// Why.
        cause: String,
    },
    /// The engine failed on a message.
    #[error("the engine `{engine}` failed: {cause}")]
    Run {
        /// The engine's name.
        engine: &'static str,
        /// Why.
        cause: String,
    },
    /// The scores of a [`Policy`](crate::Policy) do not rise from `suspicious` to `scam` within 0 to 1.
    #[error(
        "the verdicts cannot start at {suspicious} (suspicious) and {scam} (scam): they must rise within 0 to 1"
    )]
    Policy {
        /// From where a message would be suspicious.
        suspicious: f32,
        /// From where it would be a scam.
        scam: f32,
    },
    /// The threads for batches cannot be started.
    #[error("cannot start {threads} threads: {cause}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// Why.
        cause: String,
    },
}
