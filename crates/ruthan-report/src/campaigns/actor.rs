//! Which indicators say who is behind a message.

use std::collections::HashSet;
use std::sync::LazyLock;

use ruthan::{Indicator, IndicatorKind, Link};
use ruthan_data::Tables;

/// Something that one actor holds: whoever names it in two messages is behind both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Actor {
    pub(super) kind: &'static str,
    pub(super) value: String,
}

/// Of a link: the registrable domain; where anyone can have a page at a domain (shorteners, free hosting, chat
/// services), the host and path. `None` for the domains of known organisations and authorities.
pub(super) fn of_link(link: &Link) -> Option<Actor> {
    let tables = Tables::embedded();
    let host = link.host.as_str();
    let shared = tables.is_shortener(host)
        || tables.chat_service(host).is_some()
        || tables.hosting_of(host).is_some()
        || tables.is_landing_page(host)
        || tables.is_file_host(host);
    if shared {
        return Some(Actor { kind: "page", value: page(link)? });
    }
    if tables.brand_of_host(host).is_some() || tables.is_government(host) {
        return None;
    }
    let value = link.registrable_domain.clone().unwrap_or_else(|| link.host.clone());
    Some(Actor { kind: "domain", value })
}

/// A customer's own host, or the host and path where all customers share one; `None` for a front page.
fn page(link: &Link) -> Option<String> {
    if Tables::embedded().hosting_of(&link.host).is_some_and(|service| service != link.host) {
        return Some(link.host.clone());
    }
    let (_, rest) = link.url.split_once("://")?;
    let page = rest.split(['?', '#']).next()?.trim_end_matches('/');
    page.contains('/').then(|| page.to_owned())
}

/// Of an indicator: accounts, numbers to pay or call, handles, wallets, e-mail addresses. `None` for what many share
/// (hotlines, handles of known organisations), what is no one's (amounts, codes) and what is masked.
pub(super) fn of_indicator(indicator: &Indicator) -> Option<Actor> {
    static OFFICIAL: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let brands = Tables::embedded().brands();
        brands.iter().flat_map(|brand| &brand.handles).map(String::as_str).collect()
    });
    let value = indicator.value.as_str();
    let kind = match indicator.kind {
        // One number, however it is used, is one person's. Hotlines are not in `+` form.
        IndicatorKind::Phone | IndicatorKind::WhatsApp | IndicatorKind::PromptPay
            if value.starts_with('+') =>
        {
            "phone"
        }
        IndicatorKind::PromptPay if !value.contains('x') => "promptpay",
        IndicatorKind::Account => "account",
        IndicatorKind::LineId if !OFFICIAL.contains(value) => "line_id",
        IndicatorKind::Telegram => "telegram",
        IndicatorKind::Crypto => "crypto",
        IndicatorKind::Email => {
            let (_, host) = value.rsplit_once('@')?;
            let tables = Tables::embedded();
            // Anyone can have an address at a mail provider, so a provider's is no organisation's.
            let official = tables.brand_of_host(host).is_some() || tables.is_government(host);
            if official && !MAIL.contains(&host) {
                return None;
            }
            "email"
        }
        _ => return None,
    };
    Some(Actor { kind, value: value.to_owned() })
}

/// Domains of known organisations at which anyone can have an address.
const MAIL: [&str; 6] =
    ["gmail.com", "hotmail.com", "icloud.com", "live.com", "outlook.com", "yahoo.com"];

#[cfg(test)]
mod tests {
    use super::*;

    fn actors(text: &str) -> Vec<String> {
        let links = ruthan::links(text);
        let indicators = ruthan::indicators(text);
        let found =
            links.iter().filter_map(of_link).chain(indicators.iter().filter_map(of_indicator));
        found.map(|actor| format!("{} {}", actor.kind, actor.value)).collect()
    }

    #[test]
    fn actors_are_told_from_what_many_share() {
        for (text, expected) in [
            ("ยืนยันที่ https://kbank.th-line.cc/7qP", &["domain th-line.cc"][..]),
            ("ดูที่ https://www.kasikornbank.com/th/x", &[]),
            ("ดูที่ https://www.rd.go.th/x", &[]),
            ("คลิก bit.ly/3x9?a=1", &["page bit.ly/3x9"]),
            ("คลิก https://bit.ly/", &[]),
            ("https://dlt-th.web.app/", &["page dlt-th.web.app"]),
            ("แอดไลน์ https://lin.ee/abc", &["page lin.ee/abc"]),
            ("http://1.2.3.4/login", &["domain 1.2.3.4"]),
            ("แจ้งสายด่วน โทร 1441", &[]),
            ("โทร 081-234-5678", &["phone +66812345678"]),
            ("พร้อมเพย์ 081-234-5678", &["phone +66812345678"]),
            ("โอนเข้าบัญชีกสิกร 123-4-56789-0", &["account 1234567890"]),
            ("Line ID: @kbanklive", &[]),
            ("Line ID: somchai_99", &["line_id somchai_99"]),
            ("เลขบัตร 1-1017-00230-70-8 รหัส OTP ของคุณคือ 482910 ยอด 500 บาท", &[]),
            ("write to somchai.shop@gmail.com", &["email somchai.shop@gmail.com"]),
        ] {
            assert_eq!(actors(text), expected, "{text}");
        }
    }
}
