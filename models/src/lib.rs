//! The model of Ruthan: the bytes of the folder `ruthan-1`, and nothing else.
//!
//! What they mean, the crate `ruthan` knows; how they were made, `models/training` shows.

/// The model's `manifest.json`.
pub const MANIFEST: &[u8] = include_bytes!("../ruthan-1/manifest.json");

/// The files that the manifest names, each checked against its hash there when this crate was built.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The file of that name in the model folder, if it is one that the manifest names. Its hash was checked when this crate
/// was built.
///
/// ```
/// assert!(ruthan_model::file("model.onnx").is_some());
/// assert!(ruthan_model::file("../Cargo.toml").is_none());
/// ```
pub fn file(name: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(file, _)| *file == name).map(|(_, bytes)| *bytes)
}
