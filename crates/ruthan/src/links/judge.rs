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

/// How deep links within links are followed. What is nested deeper counts as passed on, wherever it may lead: no site
/// keeps its own address in itself so often.
const NESTED: usize = 8;
/// A name of so many nats a letter looks made up, see [`Tables::unusual`].
const RANDOM: f32 = 3.45;
/// Shorter names are all unusual.
const SHORTEST_RANDOM: usize = 5;
/// A name with so many digits in a row looks made up.
const DIGITS: usize = 4;

/// Judges a link that was written as `written`; `None` if it is no link after all.
///
/// `read` is what the link reads as once disguised letters are put back, where that differs: `раypal.com`.
pub(crate) fn judge(
    written: &str,
    read: Option<&str>,
    scheme: bool,
    spoken: &[usize],
    lists: &Lists,
) -> Option<Judgement> {
    let parse = |written: &str| {
        if scheme {
            Url::parse(written).ok()
        } else {
            Url::parse(&format!("http://{written}")).ok()
        }
    };
    let url = parse(written)?;
    let host = url.host()?;
    let name = host.to_string();
    let tables = lists.tables();
    let mut evidence = Vec::new();
    let mut registrable_domain = None;
    if let Host::Domain(domain) = host {
        let registrable = ruthan_data::registrable_domain(domain);
        registrable_domain = registrable.map(str::to_owned);
        let posed = read.and_then(parse).and_then(|url| url.host_str().map(str::to_owned));
        let posed = posed.filter(|posed| *posed != name);
        let owner = match posed.as_deref() {
            // It reads as a host of somebody's, and is not.
            Some(posed)
                if tables.brand_of_host(posed).is_some() || imitates_brand(posed, "", lists) =>
            {
                EvidenceKind::BrandInHost
            }
            _ => owner(domain, registrable, spoken, lists),
        };
        evidence.push(owner);
        oddities_of_name(domain, registrable, owner, tables, &mut evidence);
    } else {
        evidence.push(EvidenceKind::IpHost);
    }
    if url.port().is_some() {
        evidence.push(EvidenceKind::Port);
    }
    if !url.username().is_empty() {
        evidence.push(EvidenceKind::UserInfo);
        // `https://kasikornbank.com@evil.top/`
        if tables.brand_of_host(&url.username().to_ascii_lowercase()).is_some() {
            evidence.push(EvidenceKind::EmbeddedHost);
        }
    }
    let path = url.path().to_ascii_lowercase();
    if tables.is_download(&path) || tables.is_file_host(&name) {
        evidence.push(EvidenceKind::FileDownload);
    }
    if holds_official_host(&url, &name, tables) {
        evidence.push(EvidenceKind::EmbeddedHost);
    }
    if let Some(inner) = nested(&url, spoken, lists) {
        evidence.push(EvidenceKind::NestedLink);
        // Where it ends up counts, not the site that passes it on; the first kind says whose domain that is.
        if inner.registrable_domain != registrable_domain {
            evidence.splice(0..0, inner.evidence);
        }
    }
    let banks = |&place: &usize| !tables.brands()[place].links;
    if spoken.iter().any(banks) && evidence[0] != EvidenceKind::OwnDomain {
        evidence.push(EvidenceKind::BankLink);
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

/// Judges where a link passes on to: the innermost of the links that it carries within one another.
fn nested(url: &Url, spoken: &[usize], lists: &Lists) -> Option<Judgement> {
    let mut inner = carried(url)?;
    let mut next = carried(&inner);
    for _ in 1..NESTED {
        let Some(deeper) = next else { break };
        next = carried(&deeper);
        inner = deeper;
    }
    // The same host twice is how a site keeps its own address: nothing is passed on.
    if next.is_none() && inner.host_str() == url.host_str() {
        return None;
    }
    let domain = inner.domain()?;
    let registrable = ruthan_data::registrable_domain(domain);
    let owner = owner(domain, registrable, spoken, lists);
    let mut evidence = vec![owner];
    oddities_of_name(domain, registrable, owner, lists.tables(), &mut evidence);
    let (host, registrable_domain) = (domain.to_owned(), registrable.map(str::to_owned));
    Some(Judgement { url: inner, host, registrable_domain, evidence })
}

/// The link that a link carries in its query or path, if it leads to a host with a name.
fn carried(url: &Url) -> Option<Url> {
    let whole = |value: &str| {
        let head = value.get(..8)?.to_ascii_lowercase();
        (head.starts_with("http://") || head == "https://").then(|| value.to_owned())
    };
    let in_query = url.query_pairs().take(16).find_map(|(_, value)| whole(&value));
    let in_path = || {
        let path = url.path();
        let at = path.find("/http://").or_else(|| path.find("/https://"))?;
        whole(&path[at + 1..])
    };
    let inner = Url::parse(&in_query.or_else(in_path)?).ok()?;
    inner.domain().is_some().then_some(inner)
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
    // Whoever speaks may own the service, if not the page (`docs.google.com`).
    let owner = registrable.and_then(|name| tables.brand_of_host(name));
    let own = |&place: &usize| owner.is_some_and(|owner| tables.brands()[place].is_kin_of(owner));
    if spoken.is_empty() || spoken.iter().any(own) {
        EvidenceKind::UnknownDomain
    } else {
        EvidenceKind::BrandMismatch
    }
}

/// Whether a label of the host is a brand's abbreviation, alone or joined with what impostors join to it, spelt right, with
/// look-alikes (`arnazon`) or one letter off (`kasikom`).
fn imitates_brand(domain: &str, registrable: &str, lists: &Lists) -> bool {
    // The name of the service, as the suffix, is nobody's choice here.
    let given = lists.tables().shared_part(domain).or(ruthan_data::public_suffix(domain));
    let given = given.map_or(0, |part| part.len() + 1);
    let named = &domain[..domain.len().saturating_sub(given)];
    let own_label = registrable.split('.').next().unwrap_or("");
    named.split(['.', '-', '_']).any(|token| {
        let plain = plain_letters(token);
        holds_brand(token, own_label, lists)
            || plain.as_deref().is_some_and(|plain| holds_brand(plain, "", lists))
            || lists.imitated.nearly(token)
    })
}

/// A token with what is drawn like a letter or two put back: `arnazon`, `paypa1`. `None` if there is nothing to put back.
fn plain_letters(token: &str) -> Option<String> {
    let letters = token.bytes().any(|b| b.is_ascii_alphabetic());
    let posing =
        token.contains("rn") || token.contains("vv") || token.bytes().any(|b| b.is_ascii_digit());
    (letters && posing).then(|| {
        let joined = token.replace("rn", "m").replace("vv", "w");
        let put_back = |ch| match ch {
            '0' => 'o',
            '1' => 'l',
            '3' => 'e',
            '5' => 's',
            same => same,
        };
        joined.chars().map(put_back).collect()
    })
}

/// Whether a token is or holds a brand's abbreviation so that no chance explains it.
fn holds_brand(token: &str, own_label: &str, lists: &Lists) -> bool {
    let tables = lists.tables();
    lists.imitated.find(token).any(|Mention { start, end, ambiguous, .. }| {
        let (before, after) = (&token[..start], &token[end..]);
        let affix =
            |s: &str| s.is_empty() || tables.is_affix(s) || s.bytes().all(|b| b.is_ascii_digit());
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
}

/// Notes what is odd about the name itself.
fn oddities_of_name(
    domain: &str,
    registrable: Option<&str>,
    owner: EvidenceKind,
    tables: &Tables,
    evidence: &mut Vec<EvidenceKind>,
) {
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
    let nobodys = matches!(
        owner,
        EvidenceKind::UnknownDomain
            | EvidenceKind::BrandMismatch
            | EvidenceKind::BrandInHost
            | EvidenceKind::FreeHosting
    );
    let Some(registrable) = registrable.filter(|_| nobodys) else { return };
    let above = domain.strip_suffix(registrable).unwrap_or("").trim_end_matches('.');
    // `pay.co.th.example.cc`: the end of another host in the middle of this one.
    let inner_end = above.split_once('.').is_some_and(|_| {
        ruthan_data::known_suffix(above).is_some_and(|suffix| suffix != above)
            && above.rsplit('.').next().is_some_and(|end| {
                matches!(
                    end,
                    "com" | "net" | "org" | "th" | "uk" | "jp" | "sg" | "my" | "au" | "in" | "gov"
                )
            })
    });
    if inner_end {
        evidence.push(EvidenceKind::EmbeddedHost);
    }
    let label = registrable.split('.').next().unwrap_or("");
    // `wwwbank.cc`: the `www` is part of the name.
    let joined = label.strip_prefix("www").is_some_and(|rest| rest.len() > 2);
    let named = domain.rsplit_once('.').map_or(domain, |(named, _)| named);
    if joined || tables.has_lure(named) {
        evidence.push(EvidenceKind::LureInHost);
    }
    // `zhan1524`: a number behind a name is how names are made in bulk.
    let digits = label.split(|ch: char| !ch.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let numbered = digits >= DIGITS && digits < label.len();
    let unusual = label.len() >= SHORTEST_RANDOM && tables.unusual(label) > RANDOM;
    let random = !label.starts_with("xn--") && (numbered || unusual);
    if random {
        evidence.push(EvidenceKind::RandomName);
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
