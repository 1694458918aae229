//! Links and indicators on real addresses and messages and on other projects' expectations: the developers' data, which
//! public users do not have. Without it each test says that it was skipped.

#![allow(clippy::print_stderr, reason = "an agreement is a figure to be seen")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use ruthan::{Classifier, EvidenceKind};
use ruthan_tests::{root, rows, shared_or_skip};
use sha2::{Digest, Sha256};

/// What is found in `text`, as it stands there.
fn found(text: &str) -> Vec<String> {
    ruthan::links(text).into_iter().map(|link| link.text).collect()
}

/// Prints a figure and holds it at what it was when last raised.
fn at_least(name: &str, met: usize, of: usize, floor: usize) {
    eprintln!("{name}: {met} of {of}");
    assert!(met >= floor, "{name}: {met} of {of}, fewer than the {floor} that were met before");
}

#[test]
fn links_glued_to_thai_are_found_to_the_letter() {
    let folder = shared_or_skip!();
    let cases = rows(&folder.join("vectors/urls_glued_to_thai.jsonl"));
    let mut wrong = Vec::new();
    for case in &cases {
        let (text, url) = (case["text"].as_str().unwrap(), case["url"].as_str().unwrap());
        // The hosts of these two are Thai, and the vector's link ends where its own finder stopped reading: at `www`.
        if url.ends_with("://www") {
            assert!(found(text)[0].len() > url.len(), "{text}: {:?}", found(text));
            continue;
        }
        if !found(text).iter().any(|link| link == url) {
            wrong.push(format!("{url} in {text}: {:?}", found(text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 110);
}

#[test]
fn malformed_links_yield_no_host_that_is_not_there() {
    let folder = shared_or_skip!();
    let text = fs::read_to_string(folder.join("vectors/thai_malformed_urls.txt")).unwrap();
    for line in text.lines() {
        for link in ruthan::links(line) {
            assert!(line.to_lowercase().contains(&link.host), "{line}: {}", link.host);
            assert!(
                link.registrable_domain.is_some() || !link.host.contains('.'),
                "{line}: {}",
                link.host
            );
        }
    }
}

#[test]
fn defanged_links_are_revived_and_prose_is_not() {
    let folder = shared_or_skip!();
    let cases = rows(&folder.join("vectors/ioc_fanger.jsonl"));
    let cases: Vec<_> = cases.iter().filter(|case| case.get("defanged").is_some()).collect();
    let met = cases.iter().filter(|case| {
        let (given, meant) = (case["defanged"].as_str().unwrap(), case["fanged"].as_str().unwrap());
        let met = ruthan::normalize(given).text() == ruthan::normalize(meant).text();
        if !met {
            eprintln!("{given:?}: {:?}, not {meant:?}", ruthan::normalize(given).text());
        }
        met
    });
    at_least("ioc_fanger", met.count(), cases.len(), IOC_FANGER);
    // Prose with the same words and signs stays.
    for prose in
        ["He said dot, com and all", "a list [1] . next", "ยอด (1) . แล้ว", "we met at [the] dot"]
    {
        assert_eq!(ruthan::normalize(prose).text(), prose);
    }
}

// How many were met when these numbers were last raised.
const IOC_FANGER: usize = 901;
const LINKIFY: usize = 202;
const LINKEDIN: usize = 71;

#[test]
fn linkify_agrees_as_often_as_before() {
    let folder = shared_or_skip!();
    let cases = rows(&folder.join("vectors/rust_linkify.jsonl"));
    // E-mail addresses are indicators here, not links.
    let cases: Vec<_> = cases.iter().filter(|case| case["file"] != "tests/email.rs").collect();
    let met = cases.iter().filter(|case| {
        let (text, expected) = (case["text"].as_str().unwrap(), case["expected"].as_str().unwrap());
        let expected: Vec<&str> = match case["kind"].as_str().unwrap() {
            "assert_not_linked" => vec![],
            // Links stand between bars.
            _ => expected.split('|').skip(1).step_by(2).collect(),
        };
        let met = found(text) == expected;
        if !met {
            eprintln!("linkify {text:?}: {:?}, not {expected:?}", found(text));
        }
        met
    });
    at_least("rust_linkify", met.count(), cases.len(), LINKIFY);
}

#[test]
fn linkedin_agrees_as_often_as_before() {
    let folder = shared_or_skip!();
    let cases = rows(&folder.join("vectors/linkedin_url_detector.jsonl"));
    // The other options find single words and mark-up.
    let cases: Vec<_> = cases.iter().filter(|case| case["option"] == "Default").collect();
    let met = cases.iter().filter(|case| {
        let text = case["text"].as_str().unwrap();
        let urls = case["urls"].as_array().unwrap();
        let expected: Vec<&str> = urls.iter().map(|url| url.as_str().unwrap()).collect();
        let met = found(text) == expected;
        if !met {
            eprintln!("linkedin {text:?}: {:?}, not {expected:?}", found(text));
        }
        met
    });
    at_least("linkedin_url_detector", met.count(), cases.len(), LINKEDIN);
}

/// The column `column` of a table, without its heading.
fn column(path: &Path, separator: char, column: usize, heading: bool) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().skip(usize::from(heading));
    lines.filter_map(|line| line.split(separator).nth(column)).map(str::to_owned).collect()
}

/// The address as a link that is found wherever it stands: it is the judgement that is measured here.
fn with_scheme(address: &str) -> String {
    if address.contains("://") { address.to_owned() } else { format!("http://{address}") }
}

/// How many addresses are alarming by evidence alone: as a message that is nothing else, of which no word is weighed.
fn accused(classifier: &Classifier, name: &str, addresses: &[String], most: f64) {
    let texts: Vec<String> = addresses.iter().map(|address| with_scheme(address)).collect();
    let mut kinds: HashMap<EvidenceKind, usize> = HashMap::new();
    let mut accused = 0;
    for answer in classifier.classify_batch(&texts) {
        let answer = answer.unwrap();
        accused += usize::from(answer.verdict.is_alarm());
        for sign in answer.links.iter().flat_map(|link| &link.evidence) {
            *kinds.entry(sign.kind).or_default() += 1;
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    eprintln!("{name}: {accused} of {} accused; {kinds:?}", addresses.len());
    assert!(accused as f64 <= most * addresses.len() as f64, "{name}: {accused}");
}

#[test]
fn genuine_addresses_are_not_accused() {
    let folder = shared_or_skip!().join("links");
    let classifier = Classifier::new().unwrap();
    accused(
        &classifier,
        "official_th",
        &column(&folder.join("official_th.tsv"), '\t', 1, true),
        0.02,
    );
    accused(
        &classifier,
        "companies_th",
        &column(&folder.join("companies_th.tsv"), '\t', 4, true),
        0.02,
    );
    let popular = column(&folder.join("sublime_tranco_top_50k.csv"), ',', 1, false);
    accused(&classifier, "top 10,000", &popular[..10_000], 0.02);
}

#[test]
fn phishing_addresses_show_signs() {
    use EvidenceKind::{KnownDomain, OwnDomain, RestrictedDomain, UnknownDomain};
    let folder = shared_or_skip!().join("links");
    let table = fs::read_to_string(folder.join("phishing_tweetfeed.tsv")).unwrap();
    let of_2026 = table.lines().filter(|line| line.starts_with("2026"));
    let (mut hosts, mut met) = (0, 0);
    for line in of_2026 {
        let address = line.split('\t').nth(2).unwrap();
        hosts += 1;
        let signs = ruthan::links(with_scheme(address)).into_iter().flat_map(|l| l.evidence);
        let neutral = [KnownDomain, OwnDomain, RestrictedDomain, UnknownDomain];
        met += usize::from(signs.into_iter().any(|e| !neutral.contains(&e.kind)));
    }
    eprintln!("phishing of 2026 with a sign: {met} of {hosts}");
    assert!(met * 10 >= hosts * 6, "{met} of {hosts}");
}

#[test]
fn indicators_of_received_scams_are_those_a_person_marks() {
    let folder = shared_or_skip!();
    let texts: HashMap<String, String> = ["sms_th.jsonl", "sms_en.jsonl"]
        .iter()
        .flat_map(|file| rows(&folder.join("train").join(file)))
        .map(|row| {
            (row["id"].as_str().unwrap().to_owned(), row["text"].as_str().unwrap().to_owned())
        })
        .collect();
    // Marked by hand, every message read. Values are kept as hashes: they are other people's numbers.
    let marked = rows(&root().join("tests/data/indicators_received.jsonl"));
    let (mut right, mut wrong, mut missed) = (0.0, 0.0, 0.0);
    for row in &marked {
        let mut expected: Vec<(String, String)> = row["indicators"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| {
                (i["kind"].as_str().unwrap().to_owned(), i["sha256"].as_str().unwrap().to_owned())
            })
            .collect();
        for indicator in ruthan::indicators(&texts[row["id"].as_str().unwrap()]) {
            let kind = serde_json::to_value(indicator.kind).unwrap();
            let hash = Sha256::digest(indicator.value.as_bytes());
            let hash = format!("{:016x}", u64::from_be_bytes(*hash.first_chunk().unwrap()));
            let found = (kind.as_str().unwrap().to_owned(), hash);
            match expected.iter().position(|e| *e == found) {
                Some(place) => {
                    expected.swap_remove(place);
                    right += 1.0;
                }
                None => wrong += 1.0,
            }
        }
        missed += expected.len() as f64;
    }
    let precision = right / (right + wrong);
    let recall = right / (right + missed);
    eprintln!(
        "indicators of {} received scams: precision {precision:.3}, recall {recall:.3}",
        marked.len()
    );
    assert!(precision >= 0.97 && recall >= 0.97, "{precision} {recall}");
    assert_eq!(marked.len(), 500);
}
