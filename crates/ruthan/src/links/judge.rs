//! Judges where a link leads: whose domain it is, and what is odd about it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use ruthan_data::{Brand, Tables};
use unicode_script::{Script, UnicodeScript};
use url::{Host, Url};

use crate::evidence::EvidenceKind;

/// Acronyms of three letters are many things; they count only where the way they are written says more.
const ACRONYM: usize = 3;

/// Names and abbreviations of brands, ready to be looked for.
struct Finder {
    automaton: AhoCorasick,
    /// The brand of each pattern, by its place in the table, and whether the pattern is ambiguous.
    patterns: Vec<(usize, bool)>,
}

/// A brand's word in a text.
struct Mention {
    brand: usize,
    start: usize,
    end: usize,
    /// Whether the word may mean something else.
    ambiguous: bool,
}

impl Finder {
    /// Of the words that `words` gives for each brand, those that say something.
    ///
    /// Words that are common, too, are taken if `common` says so of their length; they are marked ambiguous.
    fn new<'a>(words: impl Fn(&'a Brand) -> Vec<&'a str>, common: impl Fn(usize) -> bool) -> Self {
        let (mut texts, mut patterns) = (Vec::new(), Vec::new());
        for (place, brand) in Tables::embedded().brands().iter().enumerate() {
            for word in words(brand) {
                let ambiguous = brand.common.iter().any(|c| c.eq_ignore_ascii_case(word));
                if word.len() >= ACRONYM && (!ambiguous || common(word.len())) {
                    texts.push(word);
                    patterns.push((place, ambiguous));
                }
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&texts)
            .expect("a few thousand short patterns fit");
        Self { automaton, patterns }
    }

    fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Mention> + 't {
        self.automaton.find_iter(text).map(|m| {
            let (brand, ambiguous) = self.patterns[m.pattern()];
            Mention { brand, start: m.start(), end: m.end(), ambiguous }
        })
    }
}

/// What a message may call a brand by.
static SPOKEN: LazyLock<Finder> = LazyLock::new(|| {
    let words = |b: &'static Brand| {
        b.names.iter().chain(&b.names_th).chain(&b.abbreviations).map(String::as_str).collect()
    };
    Finder::new(words, |length| length == ACRONYM)
});

/// What a host may imitate a brand by.
static IMITATED: LazyLock<Finder> = LazyLock::new(|| {
    let words = |b: &'static Brand| {
        b.abbreviations.iter().filter(|a| a.is_ascii()).map(String::as_str).collect()
    };
    Finder::new(words, |_| true)
});

/// A few brands by their place in the table, without repeats.
pub(crate) type Brands = Vec<usize>;

/// Adds the brands that `text` speaks of outside of `links`.
pub(crate) fn spoken_brands(text: &str, links: &[super::find::Found], brands: &mut Brands) {
    let bytes = text.as_bytes();
    for Mention { brand, start, end, ambiguous } in SPOKEN.find(text) {
        // A Latin name must be a word of its own; Thai has no spaces to go by.
        let latin = bytes[start].is_ascii_alphanumeric() && bytes[end - 1].is_ascii_alphanumeric();
        let inside = latin
            && ((start > 0 && bytes[start - 1].is_ascii_alphanumeric())
                || bytes.get(end).is_some_and(u8::is_ascii_alphanumeric));
        let in_link = links.iter().any(|link| link.range.start < end && start < link.range.end);
        // `SCB` in capitals is the bank; `scb` in running text may be anything.
        let shouted = bytes[start..end].iter().all(|b| !b.is_ascii_lowercase());
        if !inside && !in_link && (!ambiguous || shouted) && !brands.contains(&brand) {
            brands.push(brand);
        }
    }
}

/// What is found out about a link.
#[derive(Debug)]
pub(crate) struct Judgement {
    pub(crate) url: Url,
    pub(crate) host: String,
    pub(crate) registrable_domain: Option<String>,
    /// What speaks for or against it; the first says whose domain it is.
    pub(crate) evidence: Vec<EvidenceKind>,
}

/// Judges a link that was written as `written`; `None` if it is no link after all.
pub(crate) fn judge(written: &str, scheme: bool, spoken: &[usize]) -> Option<Judgement> {
    let full = if scheme { written.to_owned() } else { format!("http://{written}") };
    let url = Url::parse(&full).ok()?;
    let host = url.host()?;
    let name = host.to_string();
    let tables = Tables::embedded();
    let mut evidence = Vec::new();
    let mut registrable_domain = None;
    if let Host::Domain(domain) = host {
        let registrable = psl::domain_str(domain);
        registrable_domain = registrable.map(str::to_owned);
        evidence.push(owner(domain, registrable, spoken, tables));
        oddities_of_name(domain, tables, &mut evidence);
    } else {
        evidence.push(EvidenceKind::IpHost);
    }
    if url.port().is_some() {
        evidence.push(EvidenceKind::Port);
    }
    if !url.username().is_empty() {
        evidence.push(EvidenceKind::UserInfo);
    }
    let path = url.path().to_ascii_lowercase();
    if tables.is_download(&path) || tables.is_file_host(&name) {
        evidence.push(EvidenceKind::FileDownload);
    }
    if holds_official_host(&url, &name, tables) {
        evidence.push(EvidenceKind::EmbeddedHost);
    }
    // What the owner's place says already is not said twice.
    let mut seen = Vec::with_capacity(evidence.len());
    evidence.retain(|kind| {
        !seen.contains(kind) && {
            seen.push(*kind);
            true
        }
    });
    Some(Judgement { url, host: name, registrable_domain, evidence })
}

/// Whose domain it is, as far as the tables tell.
fn owner(
    domain: &str,
    registrable: Option<&str>,
    spoken: &[usize],
    tables: &Tables,
) -> EvidenceKind {
    if tables.is_shortener(domain) {
        return EvidenceKind::Shortener;
    }
    if tables.chat_service(domain).is_some() {
        return EvidenceKind::ChatLink;
    }
    let hosted = tables.hosting_of(domain).is_some() || tables.is_landing_page(domain);
    if let Some(brand) = tables.brand_of_host(domain).filter(|_| !hosted) {
        let own = spoken.iter().any(|&place| tables.brands()[place].is_kin_of(brand));
        return if own { EvidenceKind::OwnDomain } else { EvidenceKind::KnownDomain };
    }
    if tables.is_government(domain) {
        return EvidenceKind::RestrictedDomain;
    }
    if imitates_brand(domain, registrable.unwrap_or(domain), tables) {
        return EvidenceKind::BrandInHost;
    }
    if hosted {
        return EvidenceKind::FreeHosting;
    }
    if spoken.is_empty() { EvidenceKind::UnknownDomain } else { EvidenceKind::BrandMismatch }
}

/// Whether a label of the host is a brand's abbreviation, alone or joined with what impostors join to it.
fn imitates_brand(domain: &str, registrable: &str, tables: &Tables) -> bool {
    let suffix = psl::suffix_str(domain).map_or(0, |s| s.len() + 1);
    let named = &domain[..domain.len().saturating_sub(suffix)];
    let own_label = registrable.split('.').next().unwrap_or("");
    named.split(['.', '-', '_']).any(|token| {
        IMITATED.find(token).any(|Mention { start, end, ambiguous, .. }| {
            let (before, after) = (&token[..start], &token[end..]);
            let affix = |s: &str| {
                s.is_empty() || tables.is_affix(s) || s.bytes().all(|b| b.is_ascii_digit())
            };
            let whole = before.is_empty() && after.is_empty();
            if ambiguous {
                // A word that means other things, too, is a sign only as a label of its own before a name that
                // someone else registered: `flash.goxth.com`.
                return whole && token != own_label;
            }
            whole
                || (end - start > ACRONYM && affix(before) && affix(after))
                || (end - start >= 6 && (before.is_empty() || after.is_empty()))
        })
    })
}

/// Notes what is odd about the name itself.
fn oddities_of_name(domain: &str, tables: &Tables, evidence: &mut Vec<EvidenceKind>) {
    if domain.split('.').any(|label| label.starts_with("xn--")) {
        evidence.push(EvidenceKind::Punycode);
        let (unicode, _) = idna::domain_to_unicode(domain);
        if unicode.split('.').any(mixes_scripts) {
            evidence.push(EvidenceKind::MixedScript);
        }
    }
    if domain.rsplit('.').next().is_some_and(|suffix| tables.is_abused_suffix(suffix)) {
        evidence.push(EvidenceKind::AbusedSuffix);
    }
}

/// Whether one label has letters of two scripts.
fn mixes_scripts(label: &str) -> bool {
    let mut scripts = label
        .chars()
        .map(|ch| ch.script())
        .filter(|s| !matches!(s, Script::Common | Script::Inherited));
    let first = scripts.next();
    scripts.any(|script| Some(script) != first)
}

/// Whether an official host stands in the path or query of a link that leads elsewhere.
fn holds_official_host(url: &Url, host: &str, tables: &Tables) -> bool {
    let rest = &url[url::Position::BeforePath..];
    if rest.len() < 5 || tables.brand_of_host(host).is_some() {
        return false;
    }
    rest.split(['/', '?', '&', '=', '#', '@'])
        .filter(|part| part.contains('.') && part.len() <= 253)
        .any(|part| tables.brand_of_host(&part.to_ascii_lowercase()).is_some())
}
