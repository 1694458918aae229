//! Reads `brands.toml` and the lists, checks them, and lays them out in one file for the library to
//! embed. A mistake fails the build and names the file and the entry.

#![allow(clippy::print_stdout, reason = "cargo reads a build script's standard output")]

use std::path::Path;
use std::{env, fs};

use schema::Facts;

// The library's own modules, of which the script needs a part.
#[path = "src/check.rs"]
mod check;
#[path = "src/read.rs"]
mod read;
#[allow(dead_code, unreachable_pub, reason = "written for the library")]
#[path = "src/schema.rs"]
mod schema;
#[allow(dead_code, unreachable_pub, reason = "written for the library")]
#[path = "src/suffix.rs"]
mod suffix;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut facts = Facts::default();
    let mut problems = Vec::new();
    for file in read::LISTS.iter().chain(read::FIXED) {
        println!("cargo::rerun-if-changed={file}");
        match fs::read_to_string(file) {
            Ok(text) => problems.extend(read::put(&mut facts, file, &text)),
            Err(error) => problems.push(format!("{file}: {error}")),
        }
    }
    // Half-read files would only bring misleading complaints.
    if problems.is_empty() {
        problems = check::check(&facts);
    }
    if problems.is_empty() {
        let json = serde_json::to_string(&facts).expect("plain data serialises");
        let directory = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
        if let Err(error) = fs::write(Path::new(&directory).join("facts.json"), json) {
            problems.push(format!("facts.json: {error}"));
        }
    }
    for problem in problems {
        // One line a problem: an instruction to cargo ends with its line.
        println!("cargo::error={}", problem.trim_end().replace('\n', " | "));
    }
}
