//! The model of Ruthan: the bytes of the folder `ruthan-1`, and nothing else.
//!
//! What they mean, the crate `ruthan` knows; how they were made, `models/training` shows.

/// The model's `manifest.json`.
pub const MANIFEST: &[u8] = include_bytes!("../ruthan-1/manifest.json");

/// The file of that name in the model folder, if it is one that the manifest names.
///
/// ```
/// assert!(ruthan_model::file("model.onnx").is_some());
/// assert!(ruthan_model::file("../Cargo.toml").is_none());
/// ```
pub fn file(name: &str) -> Option<&'static [u8]> {
    match name {
        "model.onnx" => Some(include_bytes!("../ruthan-1/model.onnx")),
        "vocabulary.bin" => Some(include_bytes!("../ruthan-1/vocabulary.bin")),
        _ => None,
    }
}
