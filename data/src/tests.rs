//! The build script's check, run on the real tables and on broken ones.

use crate::check::check;
use crate::schema::{Brand, BrandKind, ChatService, Facts};

/// Returns an entry with nothing wrong.
fn brand() -> Brand {
    let json = r#"{"id": "pea", "kind": "utility", "country": "TH", "names": ["Provincial Board"],
        "names_th": ["การไฟฟ้าส่วนภูมิภาค"], "abbreviations": ["pea"], "common": ["pea"],
        "domains": ["pea.co.th"], "source": "https://www.pea.co.th/", "date": "2026-11"}"#;
    serde_json::from_str(json).unwrap()
}

/// Returns what the check says of one entry after a change.
fn after(change: impl FnOnce(&mut Brand)) -> Vec<String> {
    let mut brand = brand();
    change(&mut brand);
    check(&Facts { brands: vec![brand], ..Facts::default() })
}

/// A change that breaks an entry, and words of the complaint: any of those between bars will do.
type Breakage = (fn(&mut Brand), &'static str);

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn the_files_pass() {
    assert_eq!(check(&Facts::embedded()), Vec::<String>::new());
    assert_eq!(after(|_| {}), Vec::<String>::new());
}

#[test]
fn each_broken_entry_is_named_with_its_file() {
    let cases: [Breakage; 19] = [
        (|b| b.id = "P E A".into(), "kebab case"),
        (|b| b.country = "Thailand".into(), "no ISO country code"),
        (|b| b.names.clear(), "has no name"),
        (|b| b.domains.clear(), "has no domain"),
        (|b| b.domains[0] = "PEA.co.th".into(), "no valid host name|write it as pea.co.th"),
        (|b| b.domains[0] = "ไฟฟ้า.co.th".into(), "write it as xn--"),
        (|b| b.domains[0] = "pea..co.th".into(), "no valid host name"),
        (|b| b.domains[0] = "www.pea.co.th".into(), "leave out the `www.`"),
        (|b| b.domains[0] = "co.th".into(), "public suffix"),
        (|b| b.domains[0] = "pea.nosuchtld".into(), "does not exist"),
        (|b| b.domains.push("a.pea.co.th".into()), "adds nothing"),
        (|b| b.common.clear(), "short or ordinary"),
        (|b| b.common.push("mea".into()), "neither a name nor an abbreviation"),
        (|b| b.names.push("Smart".into()), "ordinary word"),
        (|b| b.names_th.push("ศาล".into()), "ordinary word"),
        (|b| b.names.push("การไฟฟ้าภูมิภาค".into()), "belongs in names_th"),
        (|b| b.names_th.push("PEA Plus".into()), "belongs in names"),
        (|b| b.handles.push("pea".into()), "no handle"),
        (|b| b.date = "2026-13".into(), "no year and month"),
    ];
    for (change, expected) in cases {
        let problems = after(change);
        assert!(
            problems.iter().any(|p| {
                p.starts_with("brands.toml: ") && expected.split('|').any(|part| p.contains(part))
            }),
            "expected {expected:?} in {problems:?}"
        );
    }
}

#[test]
fn entries_may_not_contradict_each_other() {
    let twin = |change: fn(&mut Brand)| {
        let mut other = Brand { id: "mea".into(), ..brand() };
        other.names = strings(&["Metropolitan Board"]);
        other.names_th.clear();
        other.domains = strings(&["mea.or.th"]);
        change(&mut other);
        check(&Facts { brands: vec![brand(), other], ..Facts::default() }).join("\n")
    };
    assert_eq!(twin(|_| {}), "");
    assert!(twin(|b| b.id = "pea".into()).contains("the id is there twice"));
    assert!(twin(|b| b.domains = strings(&["pea.co.th"])).contains("belongs to pea and mea"));
    assert!(twin(|b| b.domains = strings(&["x.pea.co.th"])).contains("share no group"));
    assert!(twin(|b| b.names = strings(&["provincial board"])).contains("stands for pea and mea"));
    assert!(twin(|b| b.group = Some("lonely".into())).contains("has one member"));
}

#[test]
fn lists_are_canonical_sorted_and_unique() {
    let shorteners = |entries: &[&str]| {
        check(&Facts { shorteners: strings(entries), ..Facts::default() }).join("\n")
    };
    assert_eq!(shorteners(&[".onelink.me", "bit.ly", "t.co"]), "");
    assert!(
        shorteners(&["t.co", "bit.ly"]).contains("shorteners.txt: bit.ly must not follow t.co")
    );
    assert!(shorteners(&["t.co", "t.co"]).contains("must not follow"));
    assert!(shorteners(&["co.th"]).contains("public suffix"));
    assert!(shorteners(&["www.bit.ly"]).contains("leave out"));
    assert!(shorteners(&["https://bit.ly/"]).contains("no valid host name"));

    let elsewhere = Facts {
        brands: vec![brand()],
        shorteners: strings(&["bit.ly", "pea.co.th"]),
        landing_pages: strings(&["bit.ly"]),
        ..Facts::default()
    };
    let problems = check(&elsewhere).join("\n");
    assert!(problems.contains("landing.txt: bit.ly: it is in shorteners.txt as well"));
    assert!(problems.contains("shorteners.txt: pea.co.th: it is a domain of pea"));

    let suffixes = Facts { abused_suffixes: strings(&["nosuchtld"]), ..Facts::default() };
    assert!(check(&suffixes).join("\n").contains("suffixes.txt: nosuchtld"));
}

#[test]
fn words_in_files_are_the_types_own_words() {
    for kind in Facts::embedded().brands.iter().map(|brand| brand.kind) {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    assert_eq!(BrandKind::Bank.to_string(), "bank");
    assert_eq!(serde_json::to_value(ChatService::WeChat).unwrap(), "wechat");
    assert_eq!(ChatService::Line.to_string(), "LINE");
}

#[test]
fn brands_survive_a_round_trip() {
    for brand in Facts::embedded().brands {
        let json = serde_json::to_string(&brand).unwrap();
        assert_eq!(serde_json::from_str::<Brand>(&json).unwrap(), brand);
    }
}
