//! The rules that the files must keep: run by the build script, on lists that a user brings, and by the tests on broken
//! tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Brand, Cues, Facts, Phrase, Wording};
use crate::suffix::{known_suffix, registrable_domain};

/// Words that, standing alone in a message or in a host name, say nothing of who is meant. Compared
/// without case.
const ORDINARY: &[&str] = &[
    "advice",
    "apple",
    "best",
    "bolt",
    "booking",
    "cash",
    "central",
    "chase",
    "coles",
    "customs",
    "discord",
    "discover",
    "ems",
    "excise",
    "fidelity",
    "first",
    "flash",
    "globe",
    "good",
    "grab",
    "halifax",
    "indeed",
    "kraken",
    "ledger",
    "lex",
    "line",
    "lotus",
    "maya",
    "messenger",
    "meta",
    "norton",
    "outlook",
    "prudential",
    "revenue",
    "robinson",
    "shell",
    "smart",
    "starling",
    "steam",
    "target",
    "threads",
    "tops",
    "true",
    "visa",
    "welfare",
    "windows",
    "wise",
    "yodel",
    "zoom",
    "ตำรวจ",
    "ทรู",
    "บัวหลวง",
    "บางจาก",
    "ไปรษณีย์",
    "วงใน",
    "วีซ่า",
    "ศาล",
    "ศุลกากร",
    "ซูม",
    "แฟลช",
    "โลตัส",
    "ไลน์",
    "กรุงเทพ",
    "กสิกร",
    "การไฟฟ้า",
    "การประปา",
    "กรุงเทพมหานคร",
];

/// The letters before, in `letters.txt`: the start, a to z, any digit, the hyphen.
const LETTERS: &str = "^abcdefghijklmnopqrstuvwxyz0-";

/// Returns every rule that the facts break, one sentence each, naming the file and the entry.
pub(crate) fn check(facts: &Facts) -> Vec<String> {
    let mut problems = Vec::new();
    for brand in &facts.brands {
        for problem in brand_problems(brand) {
            problems.push(format!("brands.toml: {}: {problem}", brand.id));
        }
    }
    problems.extend(across_brands(&facts.brands).into_iter().map(|p| format!("brands.toml: {p}")));

    let chat: Vec<String> = facts.chat.iter().map(|(host, _)| host.clone()).collect();
    for (file, entries) in [
        ("shorteners.txt", &facts.shorteners),
        ("hosting.txt", &facts.hosting),
        ("filehosts.txt", &facts.file_hosts),
        ("landing.txt", &facts.landing_pages),
        ("chat.txt", &chat),
    ] {
        problems.extend(order_problems(entries).into_iter().map(|p| format!("{file}: {p}")));
        for entry in entries {
            let (host, below) = match entry.strip_prefix('.') {
                Some(host) => (host, true),
                None => (entry.as_str(), false),
            };
            if let Err(problem) = host_problem(host, below) {
                problems.push(format!("{file}: {entry}: {problem}"));
            }
        }
    }
    for (file, suffixes) in
        [("suffixes.txt", &facts.abused_suffixes), ("government.txt", &facts.government)]
    {
        problems.extend(order_problems(suffixes).into_iter().map(|p| format!("{file}: {p}")));
        for suffix in suffixes {
            if let Err(problem) = suffix_problem(suffix) {
                problems.push(format!("{file}: {suffix}: {problem}"));
            }
        }
    }
    for (file, words) in [
        ("lures.txt", &facts.lures),
        ("prose.txt", &facts.prose),
        ("affixes.txt", &facts.affixes),
        ("downloads.txt", &facts.downloads),
        ("words_en.txt", &facts.english_words),
        ("words_other.txt", &facts.foreign_words),
    ] {
        problems.extend(order_problems(words).into_iter().map(|p| format!("{file}: {p}")));
        let untidy = words.iter().filter(|w| **w != w.to_lowercase() || w.contains(' '));
        problems.extend(untidy.map(|w| format!("{file}: {w}: not one word in lower case")));
    }
    let rows: String = facts.letters.iter().map(|(letter, _)| letter).collect();
    let short = facts.letters.iter().any(|(_, numbers)| numbers.len() != rows.len());
    if short || (rows != LETTERS && facts.letters != Facts::default().letters) {
        problems.push(format!("letters.txt: not a row for each of {LETTERS} with as many numbers"));
    }
    if let Some(word) = facts.english_words.iter().find(|w| facts.foreign_words.contains(w)) {
        problems.push(format!("{word} is in words_en.txt and in words_other.txt"));
    }
    let posers: Vec<String> = facts.posers.iter().map(|(poser, _)| poser.to_string()).collect();
    problems.extend(order_problems(&posers).into_iter().map(|p| format!("posers.txt: {p}")));
    let words: Vec<String> = facts.disguised.iter().map(|(word, _)| word.clone()).collect();
    problems.extend(order_problems(&words).into_iter().map(|p| format!("disguised.txt: {p}")));
    for (written, meant) in &facts.disguised {
        // Each character of the one must come from one of the other.
        if written.chars().count() != meant.chars().count() || written.chars().count() > 24 {
            problems.push(format!("disguised.txt: {written}: too long, or {meant} is not as long"));
        }
    }
    problems.extend(wording_problems(&facts.wording));
    problems.extend(cue_problems(&facts.cues).into_iter().map(|p| format!("cues.toml: {p}")));
    problems.extend(across_files(facts));
    problems
}

/// Every phrase is there in both languages, each in its own letters.
fn wording_problems(wording: &Wording) -> Vec<String> {
    let parts =
        [("reading", &wording.reading), ("evidence", &wording.evidence), ("label", &wording.label)];
    let mut problems = Vec::new();
    for (part, phrases) in parts {
        for (key, Phrase { en, th }) in phrases {
            if en.is_empty() || en.chars().any(is_thai) {
                problems.push(format!("wording.toml: {part}.{key}: `en` is empty or not English"));
            }
            if !th.chars().any(is_thai) {
                problems.push(format!("wording.toml: {part}.{key}: `th` is not Thai"));
            }
            if en.contains("{label}") != th.contains("{label}") {
                problems.push(format!("wording.toml: {part}.{key}: `{{label}}` is in one only"));
            }
        }
    }
    problems
}

/// A word says one thing, and is in the form in which it is looked for.
fn cue_problems(cues: &Cues) -> Vec<String> {
    let lists = [
        &cues.account,
        &cues.promptpay,
        &cues.call,
        &cues.code,
        &cues.id,
        &cues.reference,
        &cues.line_id,
        &cues.line,
        &cues.telegram,
        &cues.whatsapp,
        &cues.elsewhere,
        &cues.add,
        &cues.nothing,
    ];
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for word in lists.into_iter().flatten() {
        if !seen.insert(word) {
            problems.push(format!("{word:?} says two things"));
        }
    }
    for word in lists.into_iter().flatten().chain(&cues.code_after) {
        if word.is_empty() || *word != word.to_ascii_lowercase() || !is_tidy(word.trim_end()) {
            problems.push(format!("{word:?} is not in lower case or has needless spaces"));
        }
    }
    for (code, currency) in &cues.currency {
        if !(3..=5).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            problems.push(format!("{code:?} is no code of a currency"));
        }
        if currency
            .before
            .iter()
            .chain(&currency.after)
            .chain(&currency.cents)
            .any(String::is_empty)
        {
            problems.push(format!("{code}: a word is empty"));
        }
    }
    if cues.multiplier.iter().any(|(word, factor)| word.is_empty() || *factor < 2) {
        problems.push("a multiplier is no word or below 2".to_owned());
    }
    problems
}

/// Rules within one entry.
fn brand_problems(brand: &Brand) -> Vec<String> {
    let mut problems = Vec::new();
    let mut demand = |kept: bool, problem: String| {
        if !kept {
            problems.push(problem);
        }
    };
    demand(is_kebab(&brand.id), "the id is not in kebab case".into());
    demand(
        brand.country.len() == 2 && brand.country.bytes().all(|b| b.is_ascii_uppercase()),
        format!("{:?} is no ISO country code", brand.country),
    );
    demand(!brand.names.is_empty(), "it has no name".into());
    demand(!brand.domains.is_empty(), "it has no domain".into());
    demand(brand.source.starts_with("https://"), "the source does not begin with a URL".into());
    demand(is_month(&brand.date), format!("{:?} is no year and month", brand.date));
    demand(brand.group.as_deref().is_none_or(is_kebab), "the group is not in kebab case".into());

    for name in brand.names.iter().chain(&brand.names_th) {
        demand(is_tidy(name), format!("{name:?} has needless spaces"));
        demand(
            !is_ordinary(name) || brand.common.contains(name),
            format!("{name:?} is an ordinary word and not marked common"),
        );
    }
    for name in &brand.names {
        demand(!name.chars().any(is_thai), format!("{name:?} is Thai: it belongs in names_th"));
        demand(
            name.len() > 2 || brand.common.contains(name),
            format!("{name:?} is too short not to be marked common"),
        );
    }
    for name in &brand.names_th {
        demand(
            name.chars().any(is_thai),
            format!("{name:?} has no Thai letter: it belongs in names"),
        );
    }
    for short in &brand.abbreviations {
        demand(
            short.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
            format!("the abbreviation {short:?} is not of a-z and 0-9 alone"),
        );
        demand(
            brand.common.contains(short) || short.len() > 3 && !is_ordinary(short),
            format!("the abbreviation {short:?} is short or ordinary and not marked common"),
        );
    }
    let spoken = || brand.names.iter().chain(&brand.names_th).chain(&brand.abbreviations);
    for word in &brand.common {
        demand(
            spoken().any(|name| name == word),
            format!("{word:?} is common but neither a name nor an abbreviation"),
        );
    }
    for handle in &brand.handles {
        demand(
            handle.len() > 1 && handle.starts_with('@') && !handle.contains(' '),
            format!("{handle:?} is no handle"),
        );
    }
    for list in [&brand.names, &brand.names_th, &brand.abbreviations, &brand.common, &brand.domains]
    {
        let mut seen = BTreeSet::new();
        for item in list {
            demand(seen.insert(item), format!("{item:?} is there twice"));
        }
    }
    for domain in &brand.domains {
        if let Err(problem) = host_problem(domain, false) {
            demand(false, format!("{domain}: {problem}"));
        }
        demand(
            !brand.domains.iter().any(|other| is_below(domain, other)),
            format!("{domain} is below another of its domains and adds nothing"),
        );
    }
    problems
}

/// Rules between entries of `brands.toml`.
fn across_brands(brands: &[Brand]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut ids = BTreeSet::new();
    let mut domains = BTreeMap::new();
    let mut words: BTreeMap<String, &Brand> = BTreeMap::new();
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for brand in brands {
        if !ids.insert(brand.id.as_str()) {
            problems.push(format!("{}: the id is there twice", brand.id));
        }
        if let Some(group) = &brand.group {
            *groups.entry(group).or_default() += 1;
        }
        for domain in &brand.domains {
            if let Some(other) = domains.insert(domain.as_str(), brand) {
                problems.push(format!("{domain} belongs to {} and {}", other.id, brand.id));
            }
        }
        // A name that stands for two organisations points at neither.
        let distinct: BTreeSet<String> = [&brand.names, &brand.names_th, &brand.abbreviations]
            .into_iter()
            .flatten()
            .filter(|word| !brand.common.contains(*word))
            .map(|word| word.to_lowercase())
            .collect();
        for word in distinct {
            if let Some(other) = words.insert(word.clone(), brand) {
                problems.push(format!(
                    "{word:?} stands for {} and {} and is not marked common",
                    other.id, brand.id
                ));
            }
        }
    }
    for (domain, brand) in &domains {
        let mut rest = *domain;
        while let Some((_, parent)) = rest.split_once('.') {
            rest = parent;
            // Below a relative's domain is how a ministry and its departments live; below a
            // stranger's is a slip.
            if let Some(other) = domains.get(parent)
                && other.id != brand.id
                && (brand.group.is_none() || brand.group != other.group)
            {
                problems.push(format!(
                    "{domain} of {} is below {parent} of {}, and they share no group",
                    brand.id, other.id
                ));
            }
        }
    }
    for (group, members) in groups {
        if members < 2 {
            problems.push(format!("the group {group:?} has one member"));
        }
    }
    problems
}

/// Rules between files.
fn across_files(facts: &Facts) -> Vec<String> {
    let mut problems = Vec::new();
    let domains: BTreeMap<&str, &str> = facts
        .brands
        .iter()
        .flat_map(|brand| brand.domains.iter().map(|domain| (domain.as_str(), brand.id.as_str())))
        .collect();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (file, entries) in [
        ("shorteners.txt", &facts.shorteners),
        ("hosting.txt", &facts.hosting),
        ("filehosts.txt", &facts.file_hosts),
        ("landing.txt", &facts.landing_pages),
    ] {
        for entry in entries {
            if let Some(other) = seen.insert(entry, file) {
                problems.push(format!("{file}: {entry}: it is in {other} as well"));
            }
            // A file host can be a brand's own (dropbox.com); a shortener that anyone can use
            // speaks for nobody.
            if file != "filehosts.txt"
                && let Some(id) = domains.get(entry.as_str())
            {
                problems.push(format!("{file}: {entry}: it is a domain of {id}"));
            }
        }
    }
    problems
}

/// Entries must be unique and in byte order: merges stay small, and lookups search by halving.
fn order_problems(entries: &[String]) -> Vec<String> {
    entries
        .windows(2)
        .filter(|pair| pair[0] >= pair[1])
        .map(|pair| format!("{} must not follow {}", pair[1], pair[0]))
        .collect()
}

/// Says what is wrong with a host. Only what holds customers' hosts below it may be a public
/// suffix.
fn host_problem(host: &str, may_be_suffix: bool) -> Result<(), String> {
    canonical(host)?;
    if host.starts_with("www.") && registrable_domain(host) != Some(host) {
        return Err("leave out the `www.`".into());
    }
    let suffix = known_suffix(host).ok_or("its top-level domain does not exist")?;
    if !may_be_suffix && suffix == host {
        return Err("it is a public suffix, below which many register".into());
    }
    Ok(())
}

/// Says what is wrong with a public suffix.
fn suffix_problem(suffix: &str) -> Result<(), String> {
    canonical(suffix)?;
    match known_suffix(suffix) {
        Some(_) => Ok(()),
        None => Err("its top-level domain does not exist".into()),
    }
}

fn canonical(host: &str) -> Result<(), String> {
    let ascii = idna::domain_to_ascii_strict(host).map_err(|_| "it is no valid host name")?;
    if ascii == host { Ok(()) } else { Err(format!("write it as {ascii}")) }
}

fn is_below(host: &str, parent: &str) -> bool {
    host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}

fn is_ordinary(word: &str) -> bool {
    let word = word.to_lowercase();
    ORDINARY.contains(&word.as_str())
}

fn is_kebab(text: &str) -> bool {
    text.split('-').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

fn is_month(text: &str) -> bool {
    text.split_once('-').is_some_and(|(year, month)| {
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        year.len() == 4
            && digits(year)
            && month.len() == 2
            && month.parse().is_ok_and(|m: u8| (1..=12).contains(&m))
    })
}

fn is_tidy(text: &str) -> bool {
    text.split(' ').all(|word| !word.is_empty()) && !text.contains(['\t', '\u{a0}'])
}

fn is_thai(c: char) -> bool {
    ('\u{e01}'..='\u{e5b}').contains(&c)
}
