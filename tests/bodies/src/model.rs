//! Model folders.

use std::fs;

use data_encoding::HEXLOWER;
use ruthan::{Classifier, Engine, Manifest};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A whole model folder in small: the same network as the real one, with 200 rows and weights drawn by lot.
const MANIFEST: &str = include_str!("../../data/small-model/manifest.json");
const VOCABULARY: &[u8] = include_bytes!("../../data/small-model/vocabulary.bin");

/// A folder whose manifest or network is of the fuzzer's making is refused with words, or gives scores.
///
/// The first byte says what the rest is: `m` a manifest, `n` a network, of which the manifest states the right hash.
pub fn manifest(bytes: &[u8]) {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    if kind == b'n' {
        let mut manifest: Value = serde_json::from_str(MANIFEST).expect("the small model is whole");
        manifest["files"]["model.onnx"] = HEXLOWER.encode(&Sha256::digest(rest)).into();
        load(manifest.to_string().as_bytes(), rest);
    } else {
        if let Ok(manifest) = Manifest::parse(rest) {
            let again = serde_json::to_vec(&manifest).expect("a manifest is JSON");
            Manifest::parse(&again).expect("what was read can be written and read");
        }
        load(rest, b"");
    }
}

fn load(manifest: &[u8], network: &[u8]) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let files =
        [("manifest.json", manifest), ("vocabulary.bin", VOCABULARY), ("model.onnx", network)];
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("there is room for a file");
    }
    let builder = Classifier::builder().model_dir(folder.path()).engine(Engine::Embedded);
    match builder.threads(1).build() {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(classifier) => {
            for text in ["พัสดุของท่านตกค้าง ชำระที่ flash.goxth.com", "free money", ""]
            {
                if let Ok(c) = classifier.classify(text) {
                    assert!((0.0..=1.0).contains(&c.score));
                }
            }
        }
    }
}
