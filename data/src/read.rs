//! Reading the files: shared by the build script and by [`Tables::from_dir`](crate::Tables::from_dir).

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};

use crate::schema::{Brand, ChatService, Facts};

/// The files that links and indicators are judged with. A user may bring others of the same names.
pub(crate) const LISTS: &[&str] = &[
    "affixes.txt",
    "brands.toml",
    "chat.txt",
    "cues.toml",
    "downloads.txt",
    "filehosts.txt",
    "government.txt",
    "hosting.txt",
    "landing.txt",
    "letters.txt",
    "lures.txt",
    "prose.txt",
    "shorteners.txt",
    "suffixes.txt",
];

/// The files that the normaliser and the wording are made of. A model is trained on what they make of a text, so they
/// change with the library alone.
pub(crate) const FIXED: &[&str] =
    &["disguised.txt", "posers.txt", "wording.toml", "words_en.txt", "words_other.txt"];

/// The top of `brands.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BrandsFile {
    brand: Vec<Brand>,
}

/// Puts what `text`, the text of `file`, says in its place in `facts`. Returns what cannot be read.
pub(crate) fn put(facts: &mut Facts, file: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let list = || lines(text);
    match file {
        "brands.toml" => facts.brands = parse::<BrandsFile>(text, &mut problems).brand,
        "cues.toml" => facts.cues = parse(text, &mut problems),
        "wording.toml" => facts.wording = parse(text, &mut problems),
        "affixes.txt" => facts.affixes = list(),
        "chat.txt" => {
            facts.chat =
                entries(&list(), chat_entry, "not a host and a known service", &mut problems);
        }
        "disguised.txt" => facts.disguised = list().iter().map(|l| disguised_entry(l)).collect(),
        "downloads.txt" => facts.downloads = list(),
        "filehosts.txt" => facts.file_hosts = list(),
        "government.txt" => facts.government = list(),
        "hosting.txt" => facts.hosting = list(),
        "landing.txt" => facts.landing_pages = list(),
        "letters.txt" => {
            facts.letters =
                entries(&list(), letters_entry, "not a letter and numbers", &mut problems);
        }
        "lures.txt" => facts.lures = list(),
        "posers.txt" => {
            facts.posers =
                entries(&list(), poser_entry, "not a character and letters", &mut problems);
        }
        "prose.txt" => facts.prose = list(),
        "shorteners.txt" => facts.shorteners = list(),
        "suffixes.txt" => facts.abused_suffixes = list(),
        "words_en.txt" => facts.english_words = list(),
        "words_other.txt" => facts.foreign_words = list(),
        _ => problems.push("no list has this name".to_owned()),
    }
    problems.iter().map(|problem| format!("{file}: {problem}")).collect()
}

/// Reads TOML; empty if it cannot be read.
fn parse<T: Default + DeserializeOwned>(text: &str, problems: &mut Vec<String>) -> T {
    toml::from_str(text).unwrap_or_else(|error| {
        problems.push(error.to_string());
        T::default()
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

/// Reads each line; those that cannot be read are problems.
fn entries<T>(
    lines: &[String],
    read: impl Fn(&str) -> Option<T>,
    problem: &str,
    problems: &mut Vec<String>,
) -> Vec<T> {
    let mut entry = |line: &String| {
        let entry = read(line);
        if entry.is_none() {
            problems.push(format!("{line}: {problem}"));
        }
        entry
    };
    lines.iter().filter_map(&mut entry).collect()
}

/// Reads `host service`.
fn chat_entry(line: &str) -> Option<(String, ChatService)> {
    let (host, service) = line.split_once(' ')?;
    let service: StrDeserializer<'_, ValueError> = service.trim().into_deserializer();
    Some((host.to_owned(), ChatService::deserialize(service).ok()?))
}

/// Reads `letter numbers`, each number a digit in base 36.
fn letters_entry(line: &str) -> Option<(char, Vec<u8>)> {
    let (letter, numbers) = line.split_once(' ')?;
    let number = |ch: char| ch.to_digit(36).and_then(|n| u8::try_from(n).ok());
    Some((letter.parse().ok()?, numbers.chars().map(number).collect::<Option<_>>()?))
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
