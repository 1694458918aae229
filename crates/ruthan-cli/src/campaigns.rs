//! `ruthan campaigns`: the alarms of scanned files, grouped.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema};
use chrono::DateTime;
use rayon::prelude::*;
use ruthan::{Classifier, Indicator, Label, Link, Verdict};
use ruthan_dump::{
    Batch, Format, Input, OnBadRow, Output, ReadOptions, Reader, Time, Writer, json_field,
    refuse_overwrite,
};
use ruthan_report::campaigns::{Campaign, Campaigns, Counted, Options, Place, Row, Sketch};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Found;
use crate::arguments::{CampaignsArguments, Setup};
use crate::columns::Column;
use crate::terminal::{self, printable};

/// How many indicators and how much of a sample a person is shown.
const SHOWN_INDICATORS: usize = 5;
const SHOWN_CHARS: usize = 160;

pub(crate) fn campaigns(setup: &Setup, arguments: &CampaignsArguments) -> anyhow::Result<Found> {
    let inputs: Vec<Input> = arguments.files.iter().map(Input::new).collect();
    refuse_overwrite(&arguments.output, &inputs)?;
    let classifier = setup.classifier()?;
    let mut options = Options::default();
    options.all = arguments.all;
    options.least = arguments.min_size;
    let mut campaigns = Campaigns::new(options);
    let mut names = Vec::new();
    let mut read = ReadOptions::new().on_bad_row(OnBadRow::Stop);
    if let Some(column) = &arguments.text_column {
        read = read.text_column(column);
    }
    let progress = terminal::progress(None);
    let mut messages_read = 0;
    for (file, input) in (0..).zip(&inputs) {
        let reader = Reader::open(input, &read)?;
        names.push(reader.file().to_owned());
        for batch in reader {
            let batch = batch?;
            add(&classifier, file, &batch, &mut campaigns)?;
            messages_read += batch.num_rows();
            progress.set_message(format!("{messages_read} messages"));
        }
    }
    progress.finish_and_clear();
    let found = campaigns.finish().campaigns;
    write(arguments, &found, &names)?;
    let messages: u64 = found.iter().map(|c| c.size).sum();
    terminal::report(&format!("{} campaigns of {messages} messages", found.len()));
    let alarms = found.iter().any(|c| c.verdicts.keys().any(|verdict| verdict.is_alarm()));
    Ok(if alarms { Found::Scam } else { Found::Nothing })
}

/// A scanned row.
struct Scanned<'b> {
    text: &'b str,
    verdict: Verdict,
    label: Option<Label>,
    links: Vec<Link>,
    indicators: Vec<Indicator>,
    sender: Option<String>,
    time: Option<i64>,
    place: Place,
}

impl Scanned<'_> {
    fn row(&self) -> Row<'_> {
        let Self { text, verdict, label, links, indicators, sender, time, place } = self;
        Row {
            text,
            verdict: *verdict,
            label: *label,
            links,
            indicators,
            sender: sender.as_deref(),
            time: *time,
            place: *place,
        }
    }
}

/// Adds a batch in the order of its rows, read on all cores.
fn add(
    classifier: &Classifier,
    file: u32,
    batch: &Batch,
    campaigns: &mut Campaigns,
) -> anyhow::Result<()> {
    let columns = Columns::of(batch)?;
    let scanned: Vec<Option<Scanned<'_>>> = (0..batch.num_rows())
        .into_par_iter()
        .map(|row| {
            let position = batch.positions[row].row;
            columns
                .scanned(classifier, batch, Place { file, row: position }, row)
                .with_context(|| format!("`{}`: row {position}", batch.file))
        })
        .collect::<anyhow::Result<_>>()?;
    let sketches: Vec<Option<Sketch<'_>>> =
        scanned.par_iter().map(|s| s.as_ref().map(|s| campaigns.sketch(s.row()))).collect();
    for sketch in sketches.into_iter().flatten() {
        campaigns.add_sketch(sketch);
    }
    Ok(())
}

/// The columns that `scan` adds, and those that say who sent a message and when.
struct Columns<'b> {
    verdict: Column<'b>,
    label: Option<Column<'b>>,
    links: Option<Column<'b>>,
    indicators: Option<Column<'b>>,
    senders: Option<StringArray>,
    times: Option<Vec<Option<Time>>>,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b Batch) -> anyhow::Result<Self> {
        // Where the source had a column of the name itself, `scan` called its own `ruthan_…`.
        let added = |name: &str| {
            Column::named(batch, &format!("ruthan_{name}")).or_else(|| Column::named(batch, name))
        };
        Ok(Self {
            verdict: added("verdict").with_context(|| {
                format!("`{}`: no column `verdict`; scan it first with `ruthan scan`", batch.file)
            })?,
            label: added("label"),
            links: added("links"),
            indicators: added("indicators"),
            senders: batch.senders(),
            times: batch.times(),
        })
    }

    /// The row; `None` if it has no text or was not judged.
    fn scanned(
        &self,
        classifier: &Classifier,
        batch: &'b Batch,
        place: Place,
        row: usize,
    ) -> anyhow::Result<Option<Scanned<'b>>> {
        let (Some(text), Some(verdict)) = (
            (!batch.text.is_null(row)).then(|| batch.text.value(row)),
            word::<Verdict>(Some(&self.verdict), row, "verdict")?,
        ) else {
            return Ok(None);
        };
        Ok(Some(Scanned {
            text,
            verdict,
            label: word(self.label.as_ref(), row, "label")?,
            links: match json(self.links.as_ref(), row, "links")? {
                Some(links) => links,
                None => classifier.links(text),
            },
            indicators: match json(self.indicators.as_ref(), row, "indicators")? {
                Some(indicators) => indicators,
                None => classifier.indicators(text),
            },
            sender: self
                .senders
                .as_ref()
                .filter(|senders| senders.is_valid(row))
                .map(|senders| senders.value(row).to_owned()),
            time: self.times.as_ref().and_then(|times| times[row]).map(|time| time.millis),
            place,
        }))
    }
}

/// A word of the column, by the name that it has in files.
fn word<T: DeserializeOwned>(
    column: Option<&Column<'_>>,
    row: usize,
    name: &str,
) -> anyhow::Result<Option<T>> {
    let Some(word) = column.and_then(|column| column.text(row)) else { return Ok(None) };
    let known = serde_json::from_value(serde_json::Value::String(word)).ok();
    Ok(Some(known.with_context(|| format!("column `{name}`: not a name that `scan` writes"))?))
}

/// The JSON of the column.
fn json<T: DeserializeOwned>(
    column: Option<&Column<'_>>,
    row: usize,
    name: &str,
) -> anyhow::Result<Option<T>> {
    let Some(json) = column.and_then(|column| column.text(row)) else { return Ok(None) };
    let read = serde_json::from_str(&json).ok();
    Ok(Some(read.with_context(|| format!("column `{name}`: not what `scan` writes"))?))
}

fn write(
    arguments: &CampaignsArguments,
    found: &[Campaign],
    names: &[String],
) -> anyhow::Result<()> {
    let mut output = if arguments.output.as_os_str() == "-" {
        Output::stdout()
    } else {
        Output::create(&arguments.output)?
    };
    let format = match Format::from_path(&arguments.output) {
        _ if arguments.json => Some(Format::JsonLines),
        _ if arguments.csv => Some(Format::Csv),
        by_name => by_name,
    };
    if let Some(format) = format {
        let batch = table(found, names)?;
        let mut writer = Writer::new(output, format, batch.schema())?;
        writer.write(&batch)?;
        writer.finish()?;
    } else {
        for campaign in found {
            let name = output.name().to_owned();
            output
                .write_all(describe(campaign, names).as_bytes())
                .with_context(|| format!("cannot write `{name}`"))?;
        }
        output.finish()?;
    }
    Ok(())
}

/// The campaigns as a table, a row for each.
fn table(found: &[Campaign], names: &[String]) -> anyhow::Result<RecordBatch> {
    let number = |value: fn(&Campaign) -> u64| -> ArrayRef {
        Arc::new(found.iter().map(value).map(Some).collect::<UInt64Array>())
    };
    let time = |value: fn(&Campaign) -> Option<i64>| -> ArrayRef {
        Arc::new(found.iter().map(value).collect::<Int64Array>())
    };
    let text = |value: &dyn Fn(&Campaign) -> String| -> ArrayRef {
        Arc::new(found.iter().map(|c| Some(value(c))).collect::<StringArray>())
    };
    let field = |name: &str, kind| Field::new(name, kind, true);
    let columns: Vec<(Field, ArrayRef)> = vec![
        (field("id", DataType::Utf8), text(&|c| c.id.clone())),
        (field("size", DataType::UInt64), number(|c| c.size)),
        (field("wordings", DataType::UInt64), number(|c| c.wordings)),
        (field("first_seen", DataType::Int64), time(|c| c.first_seen)),
        (field("last_seen", DataType::Int64), time(|c| c.last_seen)),
        (field("sample", DataType::Utf8), text(&|c| c.sample.clone())),
        (field("file", DataType::Utf8), text(&|c| names[c.place.file as usize].clone())),
        (field("row", DataType::UInt64), number(|c| c.place.row)),
        (json_field("verdicts"), json_array(found, |c| &c.verdicts)?),
        (json_field("labels"), json_array(found, |c| &c.labels)?),
        (json_field("indicators"), json_array(found, |c| &c.indicators)?),
        (field("indicator_count", DataType::UInt64), number(|c| c.indicator_count)),
        (json_field("senders"), json_array(found, |c| &c.senders)?),
        (field("sender_count", DataType::UInt64), number(|c| c.sender_count)),
    ];
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// One value of each campaign, as JSON.
fn json_array<T: Serialize>(
    found: &[Campaign],
    value: impl Fn(&Campaign) -> &T,
) -> anyhow::Result<ArrayRef> {
    let values = found.iter().map(|c| serde_json::to_string(value(c)).map(Some));
    Ok(Arc::new(values.collect::<serde_json::Result<StringArray>>()?))
}

/// A campaign in a few lines for people.
fn describe(campaign: &Campaign, names: &[String]) -> String {
    let Campaign { id, size, sample, labels, indicators, senders, .. } = campaign;
    let day = |time: Option<i64>| {
        let date = DateTime::from_timestamp_millis(time?)?;
        Some(date.format("%Y-%m-%d").to_string())
    };
    let days = match (day(campaign.first_seen), day(campaign.last_seen)) {
        (Some(first), Some(last)) if first != last => format!("  {first} to {last}"),
        (Some(first), _) => format!("  {first}"),
        _ => String::new(),
    };
    let mut shown = format!("{size} messages  {id}{days}\n");
    shown += &format!("  {}\n", listed(labels, labels.len(), |label| label.as_str().to_owned()));
    let text: String = sample.chars().take(SHOWN_CHARS).collect();
    let more = if text.len() < sample.len() { "…" } else { "" };
    let file = &names[campaign.place.file as usize];
    shown += &format!("  “{}{more}”\n", printable(&text));
    shown += &format!("  {}: row {}\n", printable(file), campaign.place.row);
    if !indicators.is_empty() {
        let list = listed(indicators, campaign.indicator_count, |i| {
            format!("{} {}", i.kind, printable(&i.value))
        });
        shown += &format!("  names {list}\n");
    }
    if !senders.is_empty() {
        let sent = listed(senders, campaign.sender_count, |sender| printable(sender));
        shown += &format!("  from {sent}\n");
    }
    shown + "\n"
}

/// The first of a list, and how many more there are.
fn listed<T>(
    counted: &[Counted<T>],
    all: impl TryInto<usize>,
    name: impl Fn(&T) -> String,
) -> String {
    let mut list: Vec<String> = counted
        .iter()
        .take(SHOWN_INDICATORS)
        .map(|c| format!("{} ({})", name(&c.value), c.messages))
        .collect();
    let more = all.try_into().unwrap_or(usize::MAX).saturating_sub(list.len());
    if more > 0 {
        list.push(format!("{more} more"));
    }
    list.join(", ")
}
