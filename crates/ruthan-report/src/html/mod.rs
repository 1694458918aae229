//! A report on one page of HTML: totals, kinds over time, campaigns, payees, sites, samples with their reasons.
//!
//! The page needs no network and asks for none; its content security policy allows its own script and style sheet, by
//! their hashes, and nothing else. Whatever stands in a message is shown as text: escaped, isolated from the direction of
//! the writing around it, and with hidden characters as marks.
//!
//! Memory is bounded whatever the number of messages: some 100 MiB at most, of which the campaigns take the most
//! ([`MOST_WORDINGS`]). The same messages give the same page, byte for byte.

mod charts;
mod page;
mod samples;
mod shown;
mod time;
mod top;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use ruthan::{Classification, IndicatorKind, Label, Verdict};

use crate::campaigns::{Campaigns, Options, Place, Row, Sketch};
use samples::Lot;
use time::Days;
use top::Top;
use wording::Wording;

/// How many different wordings of alarms are kept for campaigns; the page says how many alarms came after.
pub const MOST_WORDINGS: usize = 100_000;
/// How many rejects are shown.
const MOST_REJECTS: usize = 50;
/// How many files are named.
const MOST_FILES: usize = 20;
/// How many columns the chart of scores has.
const SCORES: usize = 20;

/// What the report says about how messages were judged.
#[derive(Clone, Debug)]
pub struct About {
    /// The model's name and version.
    pub model: String,
    /// The version of the program.
    pub program: String,
    /// From which score a message is suspicious.
    pub suspicious: Bar,
    /// From which score it is called a scam.
    pub scam: Bar,
}

/// A score from which a verdict is given.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// The score.
    pub score: f32,
    /// The share of genuine messages at or above it when it was set, if it is the model's own.
    pub false_alarm_rate: Option<f32>,
}

/// A message with its classification.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'r> {
    /// The text as given.
    pub text: &'r str,
    /// What it was found to be.
    pub classification: &'r Classification,
    /// Who sent it, if known.
    pub sender: Option<&'r str>,
    /// When, in milliseconds since 1970 (UTC), if known.
    pub time: Option<i64>,
    /// The name of the file.
    pub file: &'r str,
    /// The row in the file.
    pub row: u64,
}

/// What the costly part of adding a message came to, see [`Report::read`].
#[derive(Debug)]
pub struct Read<'r> {
    judged: Judged<'r>,
    /// Of alarms alone.
    sketch: Option<Sketch<'r>>,
    brands: Vec<&'static str>,
}

/// An indicator of an alarm, with the bank that is named for it.
type Payee = (IndicatorKind, String, Option<String>);

/// Gathers what the page shows.
///
/// ```
/// use ruthan_report::html::{About, Bar, Judged, Report};
///
/// let classifier = ruthan::Classifier::new()?;
/// let bar = |score| Bar { score, false_alarm_rate: None };
/// let mut report = Report::new(About {
///     model: classifier.model().to_owned(),
///     program: "1.0".to_owned(),
///     suspicious: bar(0.5),
///     scam: bar(0.9),
/// });
/// let text = "พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com <script>alert(1)</script>";
/// let classification = classifier.classify(text)?;
/// report.add(&Judged {
///     text,
///     classification: &classification,
///     sender: None,
///     time: None,
///     file: "inbox.csv",
///     row: 1,
/// });
/// let html = report.finish();
/// assert!(html.contains("goxth.com") && !html.contains("<script>alert"));
/// # Ok::<(), ruthan::Error>(())
/// ```
pub struct Report {
    about: About,
    files: BTreeSet<String>,
    empty: u64,
    verdicts: BTreeMap<Verdict, u64>,
    /// Of alarms.
    labels: BTreeMap<Label, u64>,
    scores: [u64; SCORES],
    days: Days,
    campaigns: Campaigns,
    domains: Top<String>,
    brands: BTreeMap<&'static str, u64>,
    payees: Top<Payee>,
    contacts: Top<Payee>,
    lot: Lot,
    rejects: Vec<(String, u64, String)>,
    rejected: u64,
}

impl Report {
    /// Starts with no message.
    pub fn new(about: About) -> Self {
        let options = Options { most_wordings: MOST_WORDINGS, ..Options::default() };
        Self {
            about,
            files: BTreeSet::new(),
            empty: 0,
            verdicts: BTreeMap::new(),
            labels: BTreeMap::new(),
            scores: [0; SCORES],
            days: Days::default(),
            campaigns: Campaigns::new(options),
            domains: Top::default(),
            brands: BTreeMap::new(),
            payees: Top::default(),
            contacts: Top::default(),
            lot: Lot::default(),
            rejects: Vec::new(),
            rejected: 0,
        }
    }

    /// Adds a message.
    pub fn add(&mut self, judged: &Judged<'_>) {
        self.add_read(self.read(*judged));
    }

    /// Reads a message, to be added: the costly part, which any thread can do. For an alarm some tens of microseconds,
    /// for another message next to nothing.
    pub fn read<'r>(&self, judged: Judged<'r>) -> Read<'r> {
        let Judged { text, classification: c, sender, time, .. } = judged;
        if !c.verdict.is_alarm() {
            return Read { judged, sketch: None, brands: Vec::new() };
        }
        let sketch = self.campaigns.sketch(Row {
            text,
            verdict: c.verdict,
            label: Some(c.label),
            links: &c.links,
            indicators: &c.indicators,
            sender,
            time,
            place: Place { file: 0, row: judged.row },
        });
        let message = ruthan::Message::new(text);
        let message = sender.map_or(message, |sender| message.sender(sender));
        Read { judged, sketch: Some(sketch), brands: ruthan::brands(message) }
    }

    /// Adds a message that was read already.
    pub fn add_read(&mut self, read: Read<'_>) {
        let Read { judged, sketch, brands } = read;
        let c = judged.classification;
        if self.files.len() < MOST_FILES && !self.files.contains(judged.file) {
            self.files.insert(judged.file.to_owned());
        }
        *self.verdicts.entry(c.verdict).or_default() += 1;
        // The last column takes a score of 1, too.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let column = (c.score.clamp(0.0, 1.0) * SCORES as f32) as usize;
        self.scores[column.min(SCORES - 1)] += 1;
        self.days.add(judged.time, c.verdict, c.label);
        self.lot.add(&judged);
        let Some(sketch) = sketch else { return };
        *self.labels.entry(c.label).or_default() += 1;
        for brand in brands {
            *self.brands.entry(brand).or_default() += 1;
        }
        for site in sketch.sites() {
            self.domains.add(site.to_owned());
        }
        self.campaigns.add_sketch(sketch);
        let mut named: BTreeSet<(bool, Payee)> = BTreeSet::new();
        for indicator in &c.indicators {
            let pays = match indicator.kind {
                IndicatorKind::Account
                | IndicatorKind::PromptPay
                | IndicatorKind::Crypto
                | IndicatorKind::Phone
                | IndicatorKind::WhatsApp => true,
                IndicatorKind::LineId | IndicatorKind::Telegram | IndicatorKind::Email => false,
                _ => continue,
            };
            let payee = (indicator.kind, indicator.value.clone(), indicator.bank.clone());
            named.insert((pays, payee));
        }
        for (pays, payee) in named {
            if pays { self.payees.add(payee) } else { self.contacts.add(payee) }
        }
    }

    /// Adds a row without text.
    pub fn add_empty(&mut self) {
        self.empty += 1;
    }

    /// Adds a row that could not be read: the file, the row, and the cause in words that hold nothing of the message.
    pub fn reject(&mut self, file: &str, row: u64, cause: &str) {
        self.rejected += 1;
        if self.rejects.len() < MOST_REJECTS {
            self.rejects.push((file.to_owned(), row, cause.to_owned()));
        }
    }

    /// The page.
    pub fn finish(self) -> String {
        page::Page::new(self).html()
    }

    fn messages(&self) -> u64 {
        self.verdicts.values().sum()
    }
}

#[cfg(test)]
mod tests;
