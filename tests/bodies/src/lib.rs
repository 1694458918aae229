//! What each fuzz target does with its bytes, and what must hold whatever they are.
//!
//! `tests/fuzz` runs these under cargo-fuzz; `tests/fuzz_corpus.rs` here runs them over the corpora that are checked
//! in, and over changes of them, with stable Rust. A body panics where something does not hold.
#![allow(clippy::missing_panics_doc, reason = "panics are how bodies say what they found")]

mod dumps;
mod html;
mod messages;
mod model;

pub use dumps::{dump_chat, dump_columnar, dump_csv, dump_json};
pub use html::html;
pub use messages::{cli_json, features, indicators, links, normalize};
pub use model::manifest;

/// A target: its name, which is that of its corpus, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 11] = [
    ("normalize", normalize),
    ("links", links),
    ("indicators", indicators),
    ("features", features),
    ("cli_json", cli_json),
    ("html", html),
    ("manifest", manifest),
    ("dump_csv", dump_csv),
    ("dump_json", dump_json),
    ("dump_columnar", dump_columnar),
    ("dump_chat", dump_chat),
];

/// The root of the workspace.
pub fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
