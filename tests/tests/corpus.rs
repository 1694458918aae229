//! The messages that this project wrote: what each row must have, and that the whole is balanced.

#![allow(clippy::print_stderr, reason = "a share is a figure to be seen")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;

use ruthan::{Class, Label};
use ruthan_tests::{root, rows};
use serde_json::Value;

/// A row and the file that it is from.
struct Row {
    file: String,
    value: Value,
}

impl Row {
    fn text(&self) -> &str {
        self.value["text"].as_str().unwrap()
    }

    fn label(&self) -> Label {
        let name = self.value["label"].as_str().unwrap();
        name.parse().unwrap_or_else(|_| panic!("{}: {name} is no label", self.file))
    }

    fn is_scam(&self) -> bool {
        self.label().class() == Class::Scam
    }
}

fn corpus() -> Vec<Row> {
    let mut all = Vec::new();
    for language in ["en", "th"] {
        let mut files: Vec<_> = fs::read_dir(root().join("data/messages").join(language))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        for path in files {
            let file = format!("{language}/{}", path.file_name().unwrap().to_str().unwrap());
            all.extend(rows(&path).into_iter().map(|value| Row { file: file.clone(), value }));
        }
    }
    all
}

#[test]
fn every_row_is_whole() {
    for row in corpus() {
        let Row { file, value } = &row;
        let field = |name: &str| value[name].as_str().unwrap_or_default();
        assert!(!row.text().trim().is_empty(), "{file}: {value}");
        let _ = row.label();
        assert!(matches!(field("lang"), "th" | "en" | "mix"), "{file}: {value}");
        assert!(matches!(field("channel"), "sms" | "chat"), "{file}: {value}");
        assert!(!field("note").is_empty(), "{file}: {value}");
        assert!(
            value["year"].as_u64().is_some_and(|year| (2010..=2026).contains(&year)),
            "{file}: {value}"
        );
        assert!(value["pair"].is_null() || value["pair"].is_string(), "{file}: {value}");
        assert_eq!(value.as_object().unwrap().len(), 7, "{file}: {value}");
    }
}

#[test]
fn the_whole_is_balanced() {
    let all = corpus();
    let texts: HashSet<String> = all.iter().map(|row| row.text().to_lowercase()).collect();
    assert_eq!(texts.len(), all.len(), "two messages are the same");
    assert!(all.len() >= 8_000, "{}", all.len());
    let scams = all.iter().filter(|row| row.is_scam()).count() as f64 / all.len() as f64;
    eprintln!("{} messages, {:.1} % scams", all.len(), 100.0 * scams);
    assert!((0.45..=0.55).contains(&scams), "{scams}");

    let mut labels: BTreeMap<(&str, Label), usize> = BTreeMap::new();
    for row in &all {
        *labels.entry((&row.file[..2], row.label())).or_default() += 1;
    }
    for language in ["en", "th"] {
        for label in Label::ALL {
            let count = labels.get(&(language, label)).copied().unwrap_or(0);
            assert!(count >= 115, "{language} {label}: {count}");
        }
    }

    // Scams and others are of one length, so that length says nothing.
    let mean = |scam: bool| {
        let lengths: Vec<_> = all
            .iter()
            .filter(|row| row.is_scam() == scam)
            .map(|row| row.text().chars().count())
            .collect();
        lengths.iter().sum::<usize>() as f64 / lengths.len() as f64
    };
    eprintln!("mean length: scams {:.0}, others {:.0} characters", mean(true), mean(false));
    assert!((0.8..=1.25).contains(&(mean(true) / mean(false))));

    let mut pairs: HashMap<&str, (bool, bool)> = HashMap::new();
    for row in &all {
        if let Some(pair) = row.value["pair"].as_str() {
            let entry = pairs.entry(pair).or_default();
            if row.is_scam() { entry.0 = true } else { entry.1 = true }
        }
    }
    let whole = pairs.values().filter(|&&(scam, other)| scam && other).count();
    eprintln!("{whole} pairs of a scam and its genuine twin");
    assert!(whole >= 2_000, "{whole}");
}

/// Two messages share most of their pieces where one was made of the other by filling in other numbers and names.
#[test]
fn few_messages_are_near_copies() {
    let all = corpus();
    let pieces = |text: &str| -> HashSet<String> {
        let plain: Vec<char> =
            text.to_lowercase().chars().map(|ch| if ch.is_numeric() { '0' } else { ch }).collect();
        plain.windows(5).map(|window| window.iter().collect()).collect()
    };
    let sets: Vec<HashSet<String>> = all.iter().map(|row| pieces(row.text())).collect();
    let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut near = Vec::new();
    for (place, set) in sets.iter().enumerate() {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for piece in set {
            for &other in holders.get(piece.as_str()).into_iter().flatten() {
                *shared.entry(other).or_default() += 1;
            }
        }
        // Twins share their words on purpose.
        let twins = |other: usize| {
            !all[other].value["pair"].is_null()
                && all[other].value["pair"] == all[place].value["pair"]
        };
        let copy = shared.into_iter().find(|&(other, common)| {
            let union = set.len() + sets[other].len() - common;
            set.len() >= 15 && common as f64 >= 0.8 * union as f64 && !twins(other)
        });
        near.extend(copy.map(|(other, _)| (other, place)));
        for piece in set {
            holders.entry(piece).or_default().push(place);
        }
    }
    for (one, other) in &near {
        eprintln!(
            "near: {} {:?} | {} {:?}",
            all[*one].file,
            all[*one].text(),
            all[*other].file,
            all[*other].text()
        );
    }
    eprintln!("{} of {} messages are near copies of another", near.len(), all.len());
    assert!(near.len() * 200 <= all.len(), "{}", near.len());
}
