//! Checks each file of the model against the hash in its manifest, so that no program has to do it at every start, and
//! lists the files.

#![allow(clippy::print_stdout, reason = "cargo reads a build script's standard output")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use sha2::{Digest, Sha256};

fn main() {
    let folder = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it") + "/ruthan-1/";
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("files.rs");
    let read = |name: &str| {
        let path = format!("{folder}{name}");
        println!("cargo::rerun-if-changed={path}");
        fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let manifest: serde_json::Value =
        serde_json::from_slice(&read("manifest.json")).expect("manifest.json is JSON");
    let files = manifest["files"].as_object().expect("manifest.json names `files`");
    let mut list = String::from("&[");
    for (name, expected) in files {
        let found = Sha256::digest(read(name))
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert_eq!(
            expected.as_str(),
            Some(&*found),
            "{name} has another hash than manifest.json says"
        );
        let _ = write!(list, "({name:?}, include_bytes!({:?})),", format!("{folder}{name}"));
    }
    fs::write(out, list + "]").expect("the build folder can be written to");
}
