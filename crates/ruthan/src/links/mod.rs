//! The second stage: find the links of a message and judge where they lead. Nothing is ever fetched.

pub(crate) mod find;
pub(crate) mod judge;

use serde::{Deserialize, Serialize};
use unicode_script::{Script, UnicodeScript};

use crate::evidence::EvidenceKind;
use crate::lists::Lists;
use crate::message::AsMessage;
use crate::text::{Normalized, Piece, Span, normalize};

/// The most links that are judged in one message; what lies beyond is left to the words.
pub const MAX_LINKS: usize = 32;

/// One sign about a link, with its weight.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkEvidence {
    /// What it is about.
    pub kind: EvidenceKind,
    /// What it adds to the log-odds of a scam, on its own.
    pub weight: f32,
}

/// A link that stands in a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// The parsed link in canonical form, with a scheme and the host in ASCII.
    pub url: String,
    /// The link as it stands in the text as given.
    pub text: String,
    /// The host in lower-case ASCII (IDN in punycode).
    pub host: String,
    /// The part of the host that someone registered, under the public-suffix list with its private part.
    pub registrable_domain: Option<String>,
    /// Where it stands in the text as given.
    pub span: Span,
    /// What speaks for or against it. The first entry says whose domain it is.
    pub evidence: Vec<LinkEvidence>,
}

/// The links of a message before weights are put to their evidence.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) links: Vec<JudgedLink>,
}

/// One link, found in the normalised text and judged.
#[derive(Debug)]
pub(crate) struct JudgedLink {
    pub(crate) found: find::Found,
    pub(crate) judgement: judge::Judgement,
}

/// Finds and judges the links of a normalised message; `sender` counts as words of the message.
pub(crate) fn judge_links(
    normalized: &Normalized,
    given: &str,
    sender: Option<&str>,
    lists: &Lists,
) -> Judged {
    let text = normalized.text();
    let mut found = find::find(text, lists);
    if found.is_empty() {
        return Judged::default();
    }
    found.truncate(MAX_LINKS);
    let mut spoken = judge::Brands::new();
    judge::spoken_brands(text, &found, lists, &mut spoken);
    if let Some(sender) = sender {
        judge::spoken_brands(sender, &[], lists, &mut spoken);
    }
    let links = found
        .into_iter()
        .filter_map(|found| {
            let read = &text[found.range.clone()];
            let written = written(normalized, given, &found);
            let judgement = match written.as_deref() {
                // A browser goes where the letters lead that were really written.
                Some(written) => judge::judge(written, Some(read), found.scheme, &spoken, lists),
                None => judge::judge(read, None, found.scheme, &spoken, lists),
            }?;
            Some(JudgedLink { found, judgement })
        })
        .collect();
    Judged { links }
}

/// The link with the letters of other scripts that the normaliser took for disguised ones; `None` if it has none.
fn written(normalized: &Normalized, given: &str, found: &find::Found) -> Option<String> {
    let pieces = normalized.pieces();
    let (first, last) =
        (normalized.piece_at(found.range.start), normalized.piece_at(found.range.end - 1));
    let letter = |piece: &Piece| {
        let mut chars = given[piece.span.range()].chars();
        let ch = chars.next().filter(|ch| piece.ch.is_ascii() && !ch.is_ascii())?;
        // Full-width and mathematical letters are the same to a browser (UTS 46); Cyrillic ones are not.
        let foreign = !matches!(ch.script(), Script::Latin | Script::Common | Script::Inherited);
        (chars.next().is_none() && ch.is_alphabetic() && foreign).then_some(ch)
    };
    let pieces = &pieces[first..=last];
    // Most links are ASCII as they stand.
    let span = Span::new(pieces[0].span.start, pieces[pieces.len() - 1].span.end);
    if given[span.range()].is_ascii() || !pieces.iter().any(|piece| letter(piece).is_some()) {
        return None;
    }
    Some(pieces.iter().map(|piece| letter(piece).unwrap_or(piece.ch)).collect())
}

impl Judged {
    /// The links as they are handed out, with `weight` for each kind of evidence.
    pub(crate) fn into_links(
        self,
        normalized: &Normalized,
        given: &str,
        weight: impl Fn(EvidenceKind) -> f32,
    ) -> Vec<Link> {
        self.links
            .into_iter()
            .map(|JudgedLink { found, judgement }| {
                let span = normalized.span_of(found.range);
                Link {
                    url: judgement.url.into(),
                    text: given[span.range()].to_owned(),
                    host: judgement.host,
                    registrable_domain: judgement.registrable_domain,
                    span,
                    evidence: judgement
                        .evidence
                        .into_iter()
                        .map(|kind| LinkEvidence { kind, weight: weight(kind) })
                        .collect(),
                }
            })
            .collect()
    }
}

/// Finds and judges the links of a message. Weights are zero: they belong to a model, see
/// [`Classifier::links`](crate::Classifier::links).
///
/// Linear time; at most [`MAX_LINKS`] links.
///
/// ```
/// let links = ruthan::links("พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com");
/// assert_eq!(links[0].host, "www.flash.goxth.com");
/// assert_eq!(links[0].registrable_domain.as_deref(), Some("goxth.com"));
/// ```
pub fn links(message: impl AsMessage) -> Vec<Link> {
    let message = message.as_message();
    let normalized = normalize(message.text());
    judge_links(&normalized, message.text(), message.sender_name(), Lists::embedded()).into_links(
        &normalized,
        message.text(),
        |_| 0.0,
    )
}

/// The organisations that a message speaks of outside of its links, by their [`id`](https://docs.rs/ruthan-data) in
/// `brands.toml`, in the order of that file. Linear time.
///
/// ```
/// assert_eq!(ruthan::brands("ธนาคารกสิกรไทย แจ้งปิดบัญชี ยืนยันที่ kbank.th-line.cc"), ["kasikornbank"]);
/// ```
pub fn brands(message: impl AsMessage) -> Vec<&'static str> {
    let message = message.as_message();
    let normalized = normalize(message.text());
    let lists = Lists::embedded();
    let found = find::find(normalized.text(), lists);
    let mut brands = judge::Brands::new();
    judge::spoken_brands(normalized.text(), &found, lists, &mut brands);
    if let Some(sender) = message.sender_name() {
        judge::spoken_brands(sender, &[], lists, &mut brands);
    }
    brands.sort_unstable();
    let all = ruthan_data::Tables::embedded().brands();
    brands.into_iter().map(|place| all[place].id.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<EvidenceKind> {
        links(text).iter().flat_map(|link| link.evidence.iter().map(|e| e.kind)).collect()
    }

    #[test]
    fn the_registrable_domain_decides_whose_link_it_is() {
        use EvidenceKind::{
            BrandInHost, BrandMismatch, ChatLink, FreeHosting, KnownDomain, OwnDomain, Shortener,
            UnknownDomain,
        };
        for (text, kind) in [
            ("ธนาคารกสิกรไทย แจ้งโปรโมชัน https://www.kasikornbank.com/th/x", OwnDomain),
            ("ดูรายละเอียดที่ https://www.kasikornbank.com/th/x", KnownDomain),
            ("ธนาคารกสิกรไทย ยืนยันตัวตนที่ https://abcq1.com/x", BrandMismatch),
            ("KBANK ยืนยันที่ https://kbank.th-line.cc/7qP", BrandInHost),
            ("รับเงินที่ acwc9.com", UnknownDomain),
            ("คลิก bit.ly/3x9", Shortener),
            ("แอดไลน์ https://lin.ee/abc", ChatLink),
            // The service's own name does not imitate its owner, but what a customer puts before it can.
            ("เอกสารประกอบการสอน https://drive.google.com/drive/folders/1x", UnknownDomain),
            ("Google: Ann shared a file https://docs.google.com/document/d/1x", UnknownDomain),
            ("ไฟล์อยู่ที่ www.dropbox.com/s/1x", UnknownDomain),
            ("ดูที่ https://sites.google.com/view/x", FreeHosting),
            ("ยืนยันตัวตน https://kbank-th.web.app/", BrandInHost),
        ] {
            assert_eq!(kinds(text).first(), Some(&kind), "{text}");
        }
    }

    #[test]
    fn what_is_odd_about_a_link_is_named() {
        use EvidenceKind::{EmbeddedHost, FileDownload, IpHost, Port, Punycode, UserInfo};
        for (text, kind) in [
            ("http://1.2.3.4/login", IpHost),
            ("http://abcq1.com:8080/", Port),
            ("https://kasikornbank.com@abcq1.com/", UserInfo),
            ("https://abcq1.com/app/secure.apk", FileDownload),
            ("https://xn--e1afmkfd.com/", Punycode),
            ("https://abcq1.com/www.kasikornbank.com/login", EmbeddedHost),
        ] {
            assert!(kinds(text).contains(&kind), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn a_link_that_looks_like_a_brands_is_not_the_brands() {
        use EvidenceKind::{
            BankLink, BrandInHost, KnownDomain, LureInHost, MixedScript, NestedLink, OwnDomain,
            RandomName,
        };
        for (text, kind) in [
            // Cyrillic letters, a digit and two letters drawn like one, a letter left out.
            ("SCB: https://www.ѕсbеаѕу.com/", BrandInHost),
            ("Pay at https://www.раypal.com/", MixedScript),
            ("Amazon: https://arnazon-order.com/x", BrandInHost),
            ("https://kasikornbnk-th.com/", BrandInHost),
            ("https://wwwfedex-login.net/", LureInHost),
            ("คลิก hxodtik.com/1", RandomName),
            ("คลิก zhan1524.com/1", RandomName),
            ("https://www.google.com/url?q=https://abcq1.com/x", NestedLink),
            // Passed on by one site three times over: it ends up elsewhere all the same.
            (
                "https://t.co/url?q=https://t.co/url?q=https://t.co/url?q=https://abcq1.com/x",
                NestedLink,
            ),
            ("KBANK แจ้งเตือน ดูที่ https://abcq1.com/x", BankLink),
            ("https://kasikornbank.com@abcq1.com/x", EvidenceKind::EmbeddedHost),
        ] {
            assert!(kinds(text).contains(&kind), "{text}: {:?}", kinds(text));
        }
        assert!(!kinds("KBANK ดูที่ https://www.kasikornbank.com/th").contains(&BankLink));
        assert_eq!(kinds("SCB: https://www.scbeasy.com/"), [OwnDomain]);
        // A site that names itself in its query passes nothing on.
        let own = kinds("https://www.google.com/url?q=https://www.google.com/maps");
        assert_eq!(own, [KnownDomain]);
    }

    #[test]
    fn spans_point_into_the_text_as_given() {
        let given = "ด่วน!\u{200B} คลิก hxxps://a[.]b[.]com/x เลย";
        let link = &links(given)[0];
        assert_eq!(link.text, "hxxps://a[.]b[.]com/x");
        assert_eq!(link.url, "https://a.b.com/x");
        assert_eq!(&given[link.span.range()], link.text);
    }
}
