//! The normaliser on real text and on other projects' expectations: the developers' data, which public users do not have.
//! Without it each test says that it was skipped.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use ruthan::{ChangeKind, normalize};
use ruthan_tests::{root, rows, shared_or_skip};
use serde_json::Value;

#[test]
fn pythainlp_agrees() {
    let folder = shared_or_skip!();
    // The functions whose work the normaliser does. The others turn words into numbers, keyboards into each other, take
    // tone marks off or count letters; `tests/data/pythainlp_expected_failures.txt` says so of each.
    let excluded: BTreeSet<String> =
        fs::read_to_string(root().join("tests/data/pythainlp_expected_failures.txt"))
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .collect();
    let mut compared = 0;
    for row in rows(&folder.join("vectors/pythainlp_normalize.jsonl")) {
        let function = row["func"].as_str().unwrap();
        if excluded.contains(function) {
            continue;
        }
        let given = row["args"][0].as_str().unwrap();
        assert_eq!(normalize(given).text(), row["expected"], "{function}({given:?})");
        compared += 1;
    }
    assert!(compared >= 47, "{compared}");
}

#[test]
fn disguised_messages_read_as_a_person_reads_them() {
    let folder = shared_or_skip!();
    let table = fs::read_to_string(folder.join("vectors/obfuscated_thai.tsv")).unwrap();
    // Only the words that are disguised stand in this repository, with the row they are from; the messages do not.
    let readings: BTreeMap<u64, Value> = rows(&root().join("tests/data/obfuscated.jsonl"))
        .into_iter()
        .map(|row| (row["row"].as_u64().unwrap(), row["read"].clone()))
        .collect();
    let mut right = 0;
    let mut wrong = Vec::new();
    for (line, row) in table.lines().skip(1).zip(1..) {
        let given = line.split('\t').next_back().unwrap();
        let mut meant = given.to_owned();
        for pair in readings.get(&row).and_then(Value::as_array).into_iter().flatten() {
            let (written, read) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
            assert!(meant.contains(written), "row {row} has no {written}");
            meant = meant.replace(written, read);
        }
        let meant = meant.split_whitespace().collect::<Vec<_>>().join(" ");
        if normalize(given).text() == meant {
            right += 1;
        } else {
            wrong.push(row);
        }
    }
    assert!(right >= 57, "{right} of 57; not rows {wrong:?}");
}

#[test]
fn honest_text_keeps_its_letters() {
    let folder = shared_or_skip!();
    let ham = |name: &str| -> Vec<String> {
        rows(&folder.join("train").join(name))
            .into_iter()
            .filter(|row| row["class"] == "ham")
            .map(|row| row["text"].as_str().unwrap().to_owned())
            .collect()
    };
    let posts = fs::read_to_string(folder.join("links/posts_with_links_th.tsv")).unwrap();
    let posts = posts.lines().map(|l| l.split('\t').next_back().unwrap().to_owned()).collect();
    // Every eighth: 5,000 rows.
    let chat = ham("chat_th.jsonl").into_iter().step_by(8).collect();
    let sets: [(&str, Vec<String>); 4] = [
        ("posts", posts),
        ("chat_th", chat),
        ("sms_th", ham("sms_th.jsonl")),
        ("sms_en", ham("sms_en.jsonl")),
    ];
    for (name, texts) in sets {
        let letters = [
            ChangeKind::Compatibility,
            ChangeKind::Lookalike,
            ChangeKind::DigitForLetter,
            ChangeKind::Defanged,
        ];
        let changed = texts
            .iter()
            .filter(|text| normalize(text).changes().iter().any(|c| letters.contains(&c.kind)))
            .count();
        eprintln!("{name}: letters changed in {changed} of {} rows", texts.len());
        assert!(changed * 1_000 < texts.len() * 5, "{name}: {changed} of {}", texts.len());
    }
}
