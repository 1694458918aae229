//! Judges where a link leads: whose domain it is, and what is odd about it.

use ruthan_data::Tables;
use unicode_script::{Script, UnicodeScript};
use url::{Host, Url};

use crate::evidence::EvidenceKind;
use crate::lists::{ACRONYM, Lists, Mention};

/// A few brands by their place in the table, without repeats.
pub(crate) type Brands = Vec<usize>;

/// Adds the brands that `text` speaks of outside of `links`.
pub(crate) fn spoken_brands(
    text: &str,
    links: &[super::find::Found],
    lists: &Lists,
    brands: &mut Brands,
) {
    let bytes = text.as_bytes();
    for Mention { brand, start, end, ambiguous } in lists.spoken.find(text) {
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
pub(crate) fn judge(
    written: &str,
    scheme: bool,
    spoken: &[usize],
    lists: &Lists,
) -> Option<Judgement> {
    let full = if scheme { written.to_owned() } else { format!("http://{written}") };
    let url = Url::parse(&full).ok()?;
    let host = url.host()?;
    let name = host.to_string();
    let tables = lists.tables();
    let mut evidence = Vec::new();
    let mut registrable_domain = None;
    if let Host::Domain(domain) = host {
        let registrable = psl::domain_str(domain);
        registrable_domain = registrable.map(str::to_owned);
        evidence.push(owner(domain, registrable, spoken, lists));
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
fn owner(domain: &str, registrable: Option<&str>, spoken: &[usize], lists: &Lists) -> EvidenceKind {
    let tables = lists.tables();
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
    if imitates_brand(domain, registrable.unwrap_or(domain), lists) {
        return EvidenceKind::BrandInHost;
    }
    if hosted {
        return EvidenceKind::FreeHosting;
    }
    if spoken.is_empty() { EvidenceKind::UnknownDomain } else { EvidenceKind::BrandMismatch }
}

/// Whether a label of the host is a brand's abbreviation, alone or joined with what impostors join to it.
fn imitates_brand(domain: &str, registrable: &str, lists: &Lists) -> bool {
    let tables = lists.tables();
    let suffix = psl::suffix_str(domain).map_or(0, |s| s.len() + 1);
    let named = &domain[..domain.len().saturating_sub(suffix)];
    let own_label = registrable.split('.').next().unwrap_or("");
    named.split(['.', '-', '_']).any(|token| {
        lists.imitated.find(token).any(|Mention { start, end, ambiguous, .. }| {
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
