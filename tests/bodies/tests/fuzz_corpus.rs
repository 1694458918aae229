//! Every fuzz target over its corpus, and over a few thousand changes of it: a fuzz run of bounded length for stable Rust.
//!
//! The bodies are those that cargo-fuzz runs (`tests/fuzz/README.md`); here nothing guides the changes, but they are the
//! same each time. The environment variable `RUTHAN_FUZZ_TIMES` makes them so many times as many.

use std::fs;

use ruthan_fuzz_bodies::{TARGETS, root};

/// Draws numbers that are the same each time (xorshift).
struct Lot(u64);

impl Lot {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The remainder is below `limit`.
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }

    /// A part of `bytes`, at most 64 long.
    fn part(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        start..(start + self.below(65)).min(bytes.len())
    }

    /// `bytes` with some things changed: parts left out, doubled or taken from `other`, bytes set or put in.
    fn changed(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        const TELLING: &[u8] = b"\0\xff\x7f\n\r\"\\,{}[]<>&:.@/% 0\xe0";
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(6) {
            let part = self.part(&bytes);
            match self.below(6) {
                0 => drop(bytes.drain(part)),
                1 => {
                    let again = bytes[part.clone()].to_vec();
                    bytes.splice(part.start..part.start, again);
                }
                2 => {
                    let taken = self.part(other);
                    bytes.splice(part, other[taken].iter().copied());
                }
                3 => bytes.insert(part.start, TELLING[self.below(TELLING.len())]),
                4 if !bytes.is_empty() => {
                    let at = self.below(bytes.len());
                    bytes[at] ^= 1 << self.below(8);
                }
                _ => bytes.truncate(bytes.len() - self.below(bytes.len() / 4 + 1)),
            }
        }
        bytes
    }
}

/// How many changes each target is given; fewer where one takes long.
fn changes(target: &str) -> usize {
    let times = std::env::var("RUTHAN_FUZZ_TIMES").ok();
    let times: usize = times.map_or(1, |times| times.parse().expect("it is a number"));
    times
        * match target {
            "html" => 500,
            "features" | "cli_json" => 2_000,
            "manifest" => 1_500,
            _ => 8_000,
        }
}

/// Runs the target of this name over its corpus and changes of it.
fn hold(name: &str) {
    let (_, body) = TARGETS.into_iter().find(|target| target.0 == name).unwrap();
    let folder = root().join("tests/fuzz/corpus").join(name);
    let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    for (seed, path) in seeds.iter().zip(&paths) {
        assert!(std::panic::catch_unwind(|| body(seed)).is_ok(), "{} fails", path.display());
    }
    let mut lot = Lot(0x5275_7468_616E);
    for number in 0..changes(name) {
        let (seed, other) = (lot.below(seeds.len()), lot.below(seeds.len()));
        let bytes = lot.changed(&seeds[seed], &seeds[other]);
        if std::panic::catch_unwind(|| body(&bytes)).is_err() {
            // The input that did it, to be kept as a regression.
            let kept = std::env::temp_dir().join(format!("ruthan-{name}-{number}"));
            fs::write(&kept, &bytes).unwrap();
            panic!("{name}: change {number} fails; it is kept in {}", kept.display());
        }
    }
}

/// A test for each target, under its name.
macro_rules! hold {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                hold(stringify!($name));
            }
        )*

        const TESTED: &[&str] = &[$(stringify!($name)),*];
    };
}

hold! {
    normalize links indicators features cli_json html manifest dump_csv dump_json dump_columnar dump_chat
}

/// Each target of cargo-fuzz calls the body of its name, and each body has a target.
#[test]
fn the_targets_are_those_of_cargo_fuzz() {
    let folder = root().join("tests/fuzz/fuzz_targets");
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let mut names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, TESTED);
    names.sort_unstable();
    assert_eq!(files, names);
    let manifest = fs::read_to_string(root().join("tests/fuzz/Cargo.toml")).unwrap();
    assert!(names.iter().all(|name| manifest.contains(&format!("name = \"{name}\""))));
}
