//! `ruthan eval`: figures of quality on labelled files.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use arrow_array::Array;
use ruthan::{Class, Classifier, Label, Verdict};
use ruthan_dump::{Batch, Input, OnBadRow, ReadOptions, Reader};
use serde::Serialize;

use crate::Found;
use crate::arguments::{EvalArguments, Setup};
use crate::columns::Column;
use crate::figures::{Figures, Scored};
use crate::terminal::printable;

/// A labelled message and what was said of it.
struct Judged {
    source: String,
    class: Class,
    label: Option<Label>,
    score: f32,
    verdict: Verdict,
    said: Label,
}

pub(crate) fn eval(setup: &Setup, arguments: &EvalArguments) -> anyhow::Result<Found> {
    let classifier = setup.classifier()?;
    let mut judged = Vec::new();
    for path in &arguments.files {
        read(&classifier, path, arguments.all, &mut judged)?;
    }
    if judged.is_empty() {
        bail!("no labelled messages to measure on");
    }
    let report = Report::of(&classifier, &judged);
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        report.print(&mut out)?;
    }
    Ok(Found::Nothing)
}

/// Reads a labelled file and classifies its messages.
fn read(
    classifier: &Classifier,
    path: &Path,
    all: bool,
    judged: &mut Vec<Judged>,
) -> anyhow::Result<()> {
    let input = if path.as_os_str() == "-" { Input::stdin() } else { Input::new(path) };
    let reader = Reader::open(&input, &ReadOptions::new().on_bad_row(OnBadRow::Stop))?;
    let name = reader.file().to_owned();
    for batch in reader {
        let batch = batch?;
        let columns = Columns::of(&batch)?;
        let mut texts = Vec::new();
        let mut truths = Vec::new();
        for row in 0..batch.num_rows() {
            let at = || format!("`{name}`: row {}", batch.positions[row].row);
            if !all && columns.sure.as_ref().is_some_and(|sure| sure.text(row) == Some("0".into()))
            {
                continue;
            }
            if batch.text.is_null(row) {
                bail!("{}: no text", at());
            }
            texts.push(batch.text.value(row));
            truths.push(columns.truth(row).with_context(at)?);
        }
        for ((class, label, source), answer) in
            truths.into_iter().zip(classifier.classify_batch(&texts))
        {
            let c = answer.with_context(|| format!("`{name}`"))?;
            let source = source.unwrap_or_else(|| name.clone());
            judged.push(Judged {
                source,
                class,
                label,
                score: c.score,
                verdict: c.verdict,
                said: c.label,
            });
        }
    }
    Ok(())
}

/// The columns that say what a message truly is.
struct Columns<'b> {
    label: Option<Column<'b>>,
    class: Option<Column<'b>>,
    sure: Option<Column<'b>>,
    source: Option<Column<'b>>,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b Batch) -> anyhow::Result<Self> {
        let column = |name| Column::named(batch, name);
        let columns = Self {
            label: column("label"),
            class: column("class"),
            sure: column("sure"),
            source: column("source"),
        };
        if columns.label.is_none() && columns.class.is_none() {
            bail!("`{}`: no column `label` or `class`", batch.file);
        }
        Ok(columns)
    }

    fn truth(&self, row: usize) -> anyhow::Result<(Class, Option<Label>, Option<String>)> {
        let value = |column: &Option<Column<'_>>| column.as_ref().and_then(|c| c.text(row));
        let label = value(&self.label).map(|name| name.parse::<Label>()).transpose()?;
        let class = match (label, value(&self.class)) {
            (Some(label), _) => label.class(),
            (None, Some(class)) => class.parse()?,
            (None, None) => bail!("neither `label` nor `class`"),
        };
        Ok((class, label, value(&self.source)))
    }
}

/// How a verdict did.
#[derive(Debug, Serialize)]
struct AtVerdict {
    precision: Option<f64>,
    recall: Option<f64>,
    false_alarms: usize,
    false_alarm_rate: Option<f64>,
}

/// How many messages of a kind there are, and how many were called what.
#[derive(Debug, Default, Serialize)]
struct Alarms {
    messages: usize,
    suspicious: usize,
    scam: usize,
}

/// All figures.
#[derive(Debug, Serialize)]
struct Report {
    model: String,
    engine: &'static str,
    all: Figures,
    by_source: BTreeMap<String, Figures>,
    at_suspicious: AtVerdict,
    at_scam: AtVerdict,
    unknown: usize,
    by_class: BTreeMap<Class, Alarms>,
    by_label: BTreeMap<Label, Alarms>,
    /// Of the scams with a label that got an alarm, the share with the right one.
    label_accuracy: Option<f64>,
    /// True label, label said, how often.
    confusion: BTreeMap<Label, BTreeMap<Label, usize>>,
}

impl Report {
    fn of(classifier: &Classifier, judged: &[Judged]) -> Self {
        let scored =
            |j: &Judged| Scored { score: f64::from(j.score), scam: j.class == Class::Scam };
        let mut sources: BTreeMap<String, Vec<Scored>> = BTreeMap::new();
        let (mut by_class, mut by_label) =
            (BTreeMap::<Class, Alarms>::new(), BTreeMap::<Label, Alarms>::new());
        let mut confusion: BTreeMap<Label, BTreeMap<Label, usize>> = BTreeMap::new();
        for j in judged {
            sources.entry(j.source.clone()).or_default().push(scored(j));
            count(by_class.entry(j.class).or_default(), j.verdict);
            if let Some(label) = j.label {
                count(by_label.entry(label).or_default(), j.verdict);
                *confusion.entry(label).or_default().entry(j.said).or_default() += 1;
            }
        }
        let alarmed: Vec<&Judged> = judged
            .iter()
            .filter(|j| j.class == Class::Scam && j.label.is_some() && j.verdict.is_alarm())
            .collect();
        let right = alarmed.iter().filter(|j| j.label == Some(j.said)).count();
        Self {
            model: classifier.model().to_owned(),
            engine: classifier.engine(),
            all: Figures::of(&judged.iter().map(scored).collect::<Vec<_>>()),
            by_source: sources
                .into_iter()
                .map(|(source, scored)| (source, Figures::of(&scored)))
                .collect(),
            at_suspicious: at(judged, Verdict::is_alarm),
            at_scam: at(judged, |verdict| verdict == Verdict::Scam),
            unknown: judged.iter().filter(|j| j.verdict == Verdict::Unknown).count(),
            by_class,
            by_label,
            label_accuracy: share(right, alarmed.len()),
            confusion,
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "model {}, engine {}", self.model, self.engine)?;
        writeln!(
            out,
            "\n{:24} {:>8} {:>6} {:>7} {:>7} {:>7} {:>7}",
            "source", "messages", "scams", "AP", "R@1%", "R@0.1%", "ECE"
        )?;
        for (name, f) in
            self.by_source.iter().map(|(n, f)| (n.as_str(), f)).chain([("all", &self.all)])
        {
            writeln!(
                out,
                "{:24} {:>8} {:>6} {:>7} {:>7} {:>7} {:>7}",
                printable(name),
                f.messages,
                f.scams,
                number(f.average_precision),
                number(f.recall_at_1_percent),
                number(f.recall_at_01_percent),
                number(f.calibration_error)
            )?;
        }
        writeln!(
            out,
            "\n{:24} {:>9} {:>7} {:>12} {:>7}",
            "verdict", "precision", "recall", "false alarms", "rate"
        )?;
        for (name, v) in [("suspicious or scam", &self.at_suspicious), ("scam", &self.at_scam)] {
            writeln!(
                out,
                "{name:24} {:>9} {:>7} {:>12} {:>7}",
                number(v.precision),
                number(v.recall),
                v.false_alarms,
                number(v.false_alarm_rate)
            )?;
        }
        writeln!(out, "{:24} {:>9}", "unknown", self.unknown)?;
        writeln!(
            out,
            "\n{:24} {:>8} {:>10} {:>6}",
            "class or label", "messages", "suspicious", "scam"
        )?;
        let classes = self.by_class.iter().map(|(class, a)| (class.as_str(), a));
        for (name, a) in classes.chain(self.by_label.iter().map(|(label, a)| (label.as_str(), a))) {
            writeln!(out, "{name:24} {:>8} {:>10} {:>6}", a.messages, a.suspicious, a.scam)?;
        }
        writeln!(
            out,
            "\nlabel right among scams that got an alarm: {}",
            number(self.label_accuracy)
        )?;
        writeln!(out, "\ntrue label: labels said")?;
        for (label, said) in &self.confusion {
            let said: Vec<String> = said.iter().map(|(said, n)| format!("{said} {n}")).collect();
            writeln!(out, "{label}: {}", said.join(", "))?;
        }
        Ok(())
    }
}

fn count(alarms: &mut Alarms, verdict: Verdict) {
    alarms.messages += 1;
    alarms.suspicious += usize::from(verdict == Verdict::Suspicious);
    alarms.scam += usize::from(verdict == Verdict::Scam);
}

fn at(judged: &[Judged], called: impl Fn(Verdict) -> bool) -> AtVerdict {
    let scams = judged.iter().filter(|j| j.class == Class::Scam).count();
    let hits = judged.iter().filter(|j| j.class == Class::Scam && called(j.verdict)).count();
    let false_alarms =
        judged.iter().filter(|j| j.class != Class::Scam && called(j.verdict)).count();
    AtVerdict {
        precision: share(hits, hits + false_alarms),
        recall: share(hits, scams),
        false_alarms,
        false_alarm_rate: share(false_alarms, judged.len() - scams),
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".into(), |value| format!("{value:.4}"))
}
