//! What the report says, in both languages: `templates/wording.toml`.

use std::fmt;
use std::sync::LazyLock;

use askama::Template;
use ruthan::{EvidenceKind, IndicatorKind, Label, Verdict};
use serde::Deserialize;

/// Something said in Thai and English; as HTML, both, of which the page shows one.
#[derive(Clone, Debug, PartialEq, Eq, Template, Deserialize)]
#[template(path = "phrase.html")]
#[serde(deny_unknown_fields)]
pub(super) struct Phrase {
    pub(super) en: String,
    pub(super) th: String,
}

impl askama::filters::HtmlSafe for Phrase {}

impl Phrase {
    pub(super) fn new(th: impl Into<String>, en: impl Into<String>) -> Self {
        Self { th: th.into(), en: en.into() }
    }

    /// Something that is called the same in both languages.
    pub(super) fn same(name: &str) -> Self {
        Self::new(name, name)
    }

    pub(super) fn of_label(label: Label) -> Self {
        Self::new(label.thai(), label.english())
    }

    pub(super) fn of_reason(kind: EvidenceKind) -> Self {
        Self::new(kind.thai(), kind.english())
    }
}

macro_rules! wording {
    ($($key:ident),* $(,)?) => {
        /// All phrases of the page, by their keys.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Wording {
            $(pub(super) $key: Phrase,)*
        }
    };
}

wording! {
    title, lead, skip, language, contents, period, files, to, share, none, more, at_least, clean, spam,
    suspicious, scam, unknown, totals, alarms_note, empty, kinds, kind, count, over_time, alarms_over_time,
    kinds_over_time, per_day, per_week, per_month, other_kinds, no_times, without_time, figures, date, campaigns,
    campaigns_note, left_out, size, seen, sample, names, senders, domains, domains_note, domain, brands, brands_note,
    brand, stop, payees, payees_note, contacts, contacts_note, value, account, promptpay, crypto, phone, whatsapp,
    line_id, telegram, email, samples, samples_note, search, verdict, any, order, by_score, by_time, by_length, shown,
    no_match, score, row, from, reasons, weight, cut, rejects, file, cause, model, model_name, model_note,
    from_score, false_alarms, scores, scores_note, sort,
}

impl Wording {
    /// The wording inside the program.
    pub(super) fn get() -> &'static Self {
        static WORDING: LazyLock<Wording> = LazyLock::new(|| {
            // Travels with the program, and a test reads it.
            toml::from_str(include_str!("../../templates/wording.toml")).expect("it is whole")
        });
        &WORDING
    }

    pub(super) fn of_verdict(&self, verdict: Verdict) -> Phrase {
        match verdict {
            Verdict::Clean => &self.clean,
            Verdict::Spam => &self.spam,
            Verdict::Suspicious => &self.suspicious,
            Verdict::Scam => &self.scam,
            _ => &self.unknown,
        }
        .clone()
    }

    /// What an indicator is called that says whom to freeze or close; `None` for others.
    pub(super) fn of_indicator(&self, kind: IndicatorKind) -> Option<Phrase> {
        let phrase = match kind {
            IndicatorKind::Account => &self.account,
            IndicatorKind::PromptPay => &self.promptpay,
            IndicatorKind::Crypto => &self.crypto,
            IndicatorKind::Phone => &self.phone,
            IndicatorKind::WhatsApp => &self.whatsapp,
            IndicatorKind::LineId => &self.line_id,
            IndicatorKind::Telegram => &self.telegram,
            IndicatorKind::Email => &self.email,
            _ => return None,
        };
        Some(phrase.clone())
    }
}

impl fmt::Debug for super::Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("messages", &self.messages()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_there_in_both_languages() {
        let shown = format!("{:?}", Wording::get());
        assert!(!shown.contains("\"\""));
        assert_eq!(
            Phrase::new("ก", "<b>").to_string().trim(),
            r#"<span class="t" lang="th">ก</span><span class="t" lang="en">&#60;b&#62;</span>"#
        );
    }
}
