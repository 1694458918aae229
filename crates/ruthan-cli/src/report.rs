//! The page that `ruthan scan --report` writes.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use arrow_array::Array;
use rayon::prelude::*;
use ruthan::{Classification, Classifier};
use ruthan_dump::{Batch, Output};
use ruthan_report::html::{About, Bar, Judged, Report};

use crate::arguments::Setup;

/// A report to be; it appears under its name only when whole.
pub(crate) struct ReportFile {
    output: Output,
    report: Report,
}

impl ReportFile {
    pub(crate) fn create(
        path: &Path,
        setup: &Setup,
        classifier: &Classifier,
    ) -> anyhow::Result<Self> {
        let thresholds = classifier.manifest().thresholds;
        let bar = |own: Option<f32>, model: ruthan::Threshold| match own {
            Some(score) => Bar { score, false_alarm_rate: None },
            None => Bar { score: model.score, false_alarm_rate: Some(model.false_alarm_rate) },
        };
        let about = About {
            model: classifier.model().to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            suspicious: bar(setup.suspicious_at, thresholds.suspicious),
            scam: bar(setup.scam_at, thresholds.scam),
        };
        Ok(Self { output: Output::create(path)?, report: Report::new(about) })
    }

    /// Adds a batch in the order of its rows, read on all cores.
    pub(crate) fn add(&mut self, batch: &Batch, found: &[Option<Classification>]) {
        let senders = batch.senders();
        let times = batch.times();
        let judged: Vec<Judged<'_>> = found
            .iter()
            .enumerate()
            .filter_map(|(row, classification)| {
                Some(Judged {
                    text: batch.text.value(row),
                    classification: classification.as_ref()?,
                    sender: senders.as_ref().filter(|s| s.is_valid(row)).map(|s| s.value(row)),
                    time: times.as_ref().and_then(|times| times[row]).map(|time| time.millis),
                    file: &batch.file,
                    row: batch.positions[row].row,
                })
            })
            .collect();
        let read: Vec<_> = judged.into_par_iter().map(|judged| self.report.read(judged)).collect();
        for read in read {
            self.report.add_read(read);
        }
        for _ in 0..batch.text.null_count() {
            self.report.add_empty();
        }
        for reject in &batch.rejects {
            self.report.reject(&reject.file, reject.row, &reject.cause.to_string());
        }
    }

    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let Self { mut output, report } = self;
        let name = output.name().to_owned();
        output
            .write_all(report.finish().as_bytes())
            .with_context(|| format!("cannot write `{name}`"))?;
        Ok(output.finish()?)
    }
}
