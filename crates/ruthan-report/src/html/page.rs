//! From what was gathered to the page.

use askama::Template;
use chrono::NaiveDate;
use data_encoding::BASE64;
use ruthan::Label;
use ruthan_data::Tables;
use sha2::{Digest, Sha256};

use super::samples::{Drawn, Run};
use super::shown::{self, Shown};
use super::time::{self, Counts, Days, Step};
use super::top::Top;
use super::wording::{Phrase, Wording};
use super::{About, Payee, Report, SCORES, charts};
use crate::campaigns::{Campaign, Campaigns};

const STYLE: &str = include_str!("../../templates/report.css");
const SCRIPT: &str = include_str!("../../templates/report.js");

/// How many rows the tables show.
const MOST_ROWS: usize = 50;
/// How many brands are shown.
const MOST_BRANDS: usize = 15;
/// How many indicators of a campaign are shown.
const MOST_NAMES: usize = 4;
/// How much of a campaign's sample is shown.
const SAMPLE_CHARS: usize = 160;
/// How many kinds the chart tells apart, the others together.
const KINDS: usize = 5;

/// All that the template shows.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    w: &'static Wording,
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
    about: About,
    files: Vec<Shown>,
    period: Option<(String, String)>,
    messages: u64,
    empty: u64,
    verdicts: Vec<Tile>,
    labels: Vec<Named>,
    brands: Vec<Named>,
    time: Option<OverTime>,
    campaigns: Vec<CampaignRow>,
    more_campaigns: u64,
    left_out: u64,
    payees: Table,
    contacts: Table,
    domains: Table,
    samples: Vec<Sample>,
    sampled_labels: Vec<Label>,
    rejects: Vec<Reject>,
    rejected: u64,
    scores: String,
}

/// How many messages got a verdict.
struct Tile {
    name: &'static str,
    phrase: Phrase,
    messages: u64,
    percent: String,
}

/// Something of the program's own that was counted.
struct Named {
    phrase: Phrase,
    messages: u64,
}

struct OverTime {
    step: Phrase,
    alarms: String,
    kinds: String,
    labels: Vec<Phrase>,
    undated: u64,
    rows: Vec<Moment>,
}

struct Moment {
    date: String,
    messages: u64,
    scam: u64,
    suspicious: u64,
}

struct CampaignRow {
    size: u64,
    label: Phrase,
    sample: Shown,
    names: Vec<Shown>,
    more: u64,
    senders: u64,
    seen: Option<(String, String)>,
}

/// The most frequent of some things.
struct Table {
    rows: Vec<Thing>,
    more: u64,
    missed: u64,
}

struct Thing {
    kind: Phrase,
    value: Shown,
    bank: Option<Phrase>,
    messages: u64,
}

struct Sample {
    verdict: &'static str,
    label: &'static str,
    verdict_phrase: Phrase,
    label_phrase: Phrase,
    score: f32,
    percent: String,
    time: i64,
    date: Option<String>,
    sender: Option<Shown>,
    file: Shown,
    row: u64,
    text: String,
    search: String,
    is_cut: bool,
    runs: Vec<Run>,
    reasons: Vec<Reason>,
}

struct Reason {
    weight: String,
    minus: bool,
    phrase: Phrase,
}

struct Reject {
    file: Shown,
    row: u64,
    cause: Shown,
}

impl Page {
    pub(super) fn new(report: Report) -> Self {
        let w = Wording::get();
        let messages = report.messages();
        let samples = report.lot.into_drawn();
        let mut sampled_labels: Vec<Label> =
            samples.iter().map(|sample| sample.classification.label).collect();
        sampled_labels.sort_unstable();
        sampled_labels.dedup();
        let (campaigns, more_campaigns, left_out) = campaign_rows(report.campaigns);
        let (suspicious, scam) = (report.about.suspicious.score, report.about.scam.score);
        let mut verdicts: Vec<Tile> = report
            .verdicts
            .iter()
            .map(|(&verdict, &count)| Tile {
                name: verdict.as_str(),
                phrase: w.of_verdict(verdict),
                messages: count,
                percent: percent(count as f32 / messages as f32),
            })
            .collect();
        // What matters comes first.
        verdicts.sort_by_key(|tile| {
            ["scam", "suspicious", "spam", "clean"]
                .iter()
                .position(|name| *name == tile.name)
                .unwrap_or(9)
        });
        Self {
            w,
            style: STYLE,
            script: SCRIPT,
            style_hash: hash(STYLE),
            script_hash: hash(SCRIPT),
            files: report.files.iter().map(|file| Shown::new(file)).collect(),
            period: report.days.period().map(|(a, b)| (a.to_string(), b.to_string())),
            messages,
            empty: report.empty,
            verdicts,
            labels: named(report.labels.iter().map(|(&l, &n)| (Phrase::of_label(l), n)), KINDS * 4),
            brands: named(
                report.brands.iter().filter_map(|(id, &n)| Some((brand(id)?, n))),
                MOST_BRANDS,
            ),
            time: over_time(w, &report.days),
            campaigns,
            more_campaigns,
            left_out,
            payees: payees(w, &report.payees),
            contacts: payees(w, &report.contacts),
            domains: table(&report.domains, |site| (w.domain.clone(), Shown::new(site), None)),
            samples: samples.iter().map(|drawn| sample(w, drawn)).collect(),
            sampled_labels,
            rejects: report
                .rejects
                .iter()
                .map(|(file, row, cause)| Reject {
                    file: Shown::new(file),
                    row: *row,
                    cause: Shown::new(cause),
                })
                .collect(),
            rejected: report.rejected,
            scores: charts::scores(&report.scores[..SCORES], suspicious, scam),
            about: report.about,
        }
    }

    pub(super) fn html(&self) -> String {
        // Writing to memory does not fail, and the template calls nothing that does.
        self.render().expect("a page is written to memory")
    }
}

/// What a content security policy knows a script or style sheet by.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64.encode(&Sha256::digest(text)))
}

/// A share in percent, with a digit behind the point where that says something.
fn percent(share: f32) -> String {
    let percent = share * 100.0;
    if !percent.is_finite() {
        "–".to_owned()
    } else if percent > 0.0 && percent < 10.0 {
        format!("{percent:.1}%")
    } else {
        format!("{percent:.0}%")
    }
}

fn day(time: Option<i64>) -> Option<String> {
    Some(time::day(time?)?.to_string())
}

fn brand(id: &str) -> Option<Phrase> {
    let brand = Tables::embedded().brand(id)?;
    let english = brand.names.first().or(brand.names_th.first())?;
    let thai = brand.names_th.first().unwrap_or(english);
    Some(Phrase::new(thai, title_case(english)))
}

/// Names stand in small letters in the table.
fn title_case(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in name.split(' ') {
        let mut chars = word.chars();
        let first = chars.next().map(|ch| ch.to_uppercase().collect::<String>());
        words.push(first.unwrap_or_default() + chars.as_str());
    }
    words.join(" ")
}

/// The most frequent first.
fn named(counted: impl Iterator<Item = (Phrase, u64)>, most: usize) -> Vec<Named> {
    let mut all: Vec<Named> =
        counted.map(|(phrase, messages)| Named { phrase, messages }).collect();
    all.sort_by_key(|named| std::cmp::Reverse(named.messages));
    all.truncate(most);
    all
}

fn table<T: Clone + Eq + std::hash::Hash + Ord>(
    top: &Top<T>,
    show: impl Fn(&T) -> (Phrase, Shown, Option<Phrase>),
) -> Table {
    let all = top.sorted();
    let rows: Vec<Thing> = all
        .iter()
        .take(MOST_ROWS)
        .map(|counted| {
            let (kind, value, bank) = show(&counted.value);
            Thing { kind, value, bank, messages: counted.messages }
        })
        .collect();
    Table { more: (all.len() - rows.len()) as u64, rows, missed: top.missed() }
}

fn payees(w: &Wording, top: &Top<Payee>) -> Table {
    table(top, |(kind, value, bank)| {
        let name = w.of_indicator(*kind).unwrap_or_else(|| w.value.clone());
        let bank = bank.as_deref().map(|id| brand(id).unwrap_or_else(|| Phrase::same(id)));
        (name, Shown::new(value), bank)
    })
}

fn over_time(w: &Wording, days: &Days) -> Option<OverTime> {
    let (step, columns) = days.columns();
    if columns.is_empty() {
        return None;
    }
    let names: Vec<String> = columns.iter().map(|(begin, _)| begin.to_string()).collect();
    let by_verdict: Vec<Vec<u64>> =
        columns.iter().map(|(_, c)| vec![c.scam, c.suspicious]).collect();
    let labels = frequent_labels(&columns);
    let by_label: Vec<Vec<u64>> = columns
        .iter()
        .map(|(_, counts)| {
            let of = |label: &Label| counts.labels.get(label).copied().unwrap_or_default();
            let mut parts: Vec<u64> = labels.iter().map(of).collect();
            let rest = counts.labels.values().sum::<u64>() - parts.iter().sum::<u64>();
            parts.resize(KINDS, 0);
            parts.push(rest);
            parts
        })
        .collect();
    let mut legend: Vec<Phrase> = labels.iter().map(|&label| Phrase::of_label(label)).collect();
    // The colour of the others is the last, whatever their number.
    if legend.len() == KINDS {
        legend.push(w.other_kinds.clone());
    }
    Some(OverTime {
        step: match step {
            Step::Day => &w.per_day,
            Step::Week => &w.per_week,
            Step::Month => &w.per_month,
        }
        .clone(),
        alarms: charts::stacked(&names, &by_verdict, &[0, 2]),
        kinds: charts::stacked(&names, &by_label, &[0, 1, 2, 3, 4, 5]),
        labels: legend,
        undated: days.undated,
        rows: columns
            .into_iter()
            .map(|(begin, counts)| Moment {
                date: begin.to_string(),
                messages: counts.messages,
                scam: counts.scam,
                suspicious: counts.suspicious,
            })
            .collect(),
    })
}

/// The kinds that the chart tells apart, the most frequent first.
fn frequent_labels(columns: &[(NaiveDate, Counts)]) -> Vec<Label> {
    let total = |label: &Label| -> u64 {
        columns.iter().filter_map(|(_, counts)| counts.labels.get(label)).sum()
    };
    let mut labels: Vec<Label> = Label::ALL.into_iter().filter(|label| total(label) > 0).collect();
    labels.sort_by_key(|label| std::cmp::Reverse(total(label)));
    labels.truncate(KINDS);
    labels
}

/// The largest campaigns, how many more there are, and how many alarms are in none for want of room.
fn campaign_rows(campaigns: Campaigns) -> (Vec<CampaignRow>, u64, u64) {
    let grouped = campaigns.finish();
    let rows: Vec<CampaignRow> =
        grouped.campaigns.iter().take(MOST_ROWS / 2).map(campaign_row).collect();
    let more = (grouped.campaigns.len() - rows.len()) as u64;
    (rows, more, grouped.left_out)
}

fn campaign_row(campaign: &Campaign) -> CampaignRow {
    let mut sample: String = campaign.sample.chars().take(SAMPLE_CHARS).collect();
    if sample.len() < campaign.sample.len() {
        sample.push('…');
    }
    let names: Vec<Shown> = campaign
        .indicators
        .iter()
        .take(MOST_NAMES)
        .map(|named| Shown::new(&named.value.value))
        .collect();
    CampaignRow {
        size: campaign.size,
        label: campaign
            .labels
            .first()
            .map_or_else(|| Phrase::same("–"), |label| Phrase::of_label(label.value)),
        sample: Shown::new(&sample),
        more: campaign.indicator_count - names.len() as u64,
        names,
        senders: campaign.sender_count,
        seen: day(campaign.first_seen).zip(day(campaign.last_seen)),
    }
}

fn sample(w: &Wording, drawn: &Drawn) -> Sample {
    let c = &drawn.classification;
    Sample {
        verdict: c.verdict.as_str(),
        label: c.label.as_str(),
        verdict_phrase: w.of_verdict(c.verdict),
        label_phrase: Phrase::of_label(c.label),
        score: c.score,
        percent: percent(c.score),
        time: drawn.time.unwrap_or_default(),
        date: day(drawn.time),
        sender: drawn.sender.as_deref().map(Shown::new),
        file: Shown::new(&drawn.file),
        row: drawn.row,
        // A disguised word is found by what it means, too.
        search: format!("{}\n{}", shown::seen(&drawn.text), ruthan::normalize(&drawn.text).text()),
        text: drawn.text.clone(),
        is_cut: drawn.is_cut,
        runs: drawn.runs(),
        reasons: c
            .evidence
            .iter()
            .map(|evidence| Reason {
                weight: format!("{:+.1}", evidence.weight),
                minus: evidence.weight < 0.0,
                phrase: drawn.reason(evidence.kind),
            })
            .collect(),
    }
}

/// What the template calls.
mod filters {
    // How a filter looks, the template engine says.
    #![allow(
        unreachable_pub,
        clippy::inline_always,
        clippy::trivially_copy_pass_by_ref,
        clippy::unnecessary_wraps,
        clippy::unused_self
    )]

    /// A number with a comma between thousands.
    #[askama::filter_fn]
    pub(super) fn grouped(number: &u64, _: &dyn askama::Values) -> askama::Result<String> {
        let digits = number.to_string();
        let mut out = String::with_capacity(digits.len() * 4 / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        Ok(out)
    }

    /// A share in percent.
    #[askama::filter_fn]
    pub(super) fn percent(share: &f32, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(super::percent(*share))
    }
}
