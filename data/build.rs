//! Reads `brands.toml` and the lists, checks them, and lays them out in one file for the library to
//! embed. A mistake fails the build and names the file and the entry.

#![allow(clippy::print_stdout, reason = "cargo reads a build script's standard output")]

use std::path::Path;
use std::{env, fs};

use serde::Deserialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use schema::{Brand, ChatService, Facts, Wording};

// The library's own modules, of which the script needs a part.
#[path = "src/check.rs"]
mod check;
#[allow(dead_code, unreachable_pub, reason = "written for the library")]
#[path = "src/schema.rs"]
mod schema;

/// The top of `brands.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BrandsFile {
    brand: Vec<Brand>,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut problems = Vec::new();
    let facts = read(&mut problems);
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

/// Reads every file, and notes the ones that cannot be read.
fn read(problems: &mut Vec<String>) -> Facts {
    let brands = parse::<BrandsFile>("brands.toml", problems).brand;
    let wording = parse("wording.toml", problems);
    let mut list = |file| lines(&read_file(file, problems));
    let facts = Facts {
        brands,
        shorteners: list("shorteners.txt"),
        hosting: list("hosting.txt"),
        file_hosts: list("filehosts.txt"),
        landing_pages: list("landing.txt"),
        chat: Vec::new(),
        abused_suffixes: list("suffixes.txt"),
        government: list("government.txt"),
        prose: list("prose.txt"),
        affixes: list("affixes.txt"),
        downloads: list("downloads.txt"),
        english_words: list("words_en.txt"),
        foreign_words: list("words_other.txt"),
        posers: Vec::new(),
        disguised: list("disguised.txt").iter().map(|line| disguised_entry(line)).collect(),
        wording: Wording::default(),
    };
    let (chat_lines, poser_lines) = (list("chat.txt"), list("posers.txt"));
    let mut chat = Vec::new();
    for line in chat_lines {
        match chat_entry(&line) {
            Some(entry) => chat.push(entry),
            None => problems.push(format!("chat.txt: {line}: not a host and a known service")),
        }
    }
    let mut posers = Vec::new();
    for line in poser_lines {
        match poser_entry(&line) {
            Some(entry) => posers.push(entry),
            None => problems.push(format!("posers.txt: {line}: not a character and letters")),
        }
    }
    Facts { chat, posers, wording, ..facts }
}

/// Reads a TOML file; empty if it cannot be read.
fn parse<T: Default + DeserializeOwned>(name: &str, problems: &mut Vec<String>) -> T {
    toml::from_str(&read_file(name, problems)).unwrap_or_else(|error| {
        problems.push(format!("{name}: {error}"));
        T::default()
    })
}

fn read_file(name: &str, problems: &mut Vec<String>) -> String {
    println!("cargo::rerun-if-changed={name}");
    fs::read_to_string(name).unwrap_or_else(|error| {
        problems.push(format!("{name}: {error}"));
        String::new()
    })
}

/// Returns the entries of a list: its lines without comments and blank lines.
fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Reads `host service`.
fn chat_entry(line: &str) -> Option<(String, ChatService)> {
    let (host, service) = line.split_once(' ')?;
    let service: StrDeserializer<'_, ValueError> = service.trim().into_deserializer();
    Some((host.to_owned(), ChatService::deserialize(service).ok()?))
}

/// Reads `poser letter letter`.
fn poser_entry(line: &str) -> Option<(char, String)> {
    let single = |word: &str| {
        let mut chars = word.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let mut words = line.split(' ');
    let poser = single(words.next()?)?;
    let letters: String = words.map(single).collect::<Option<_>>()?;
    (!letters.is_empty()).then_some((poser, letters))
}

/// Reads `word` or `misspelling word`.
fn disguised_entry(line: &str) -> (String, String) {
    let (written, meant) = line.split_once(' ').unwrap_or((line, line));
    (written.to_owned(), meant.to_owned())
}
