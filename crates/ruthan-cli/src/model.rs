//! `ruthan model`: what the model is, and whether it is whole.

use std::io::{self, Write};

use crate::Found;
use crate::arguments::{ModelCommand, Setup};

pub(crate) fn model(setup: &Setup, command: ModelCommand) -> anyhow::Result<Found> {
    // Making the classifier checks the hashes, the manifest and the network's form.
    let classifier = setup.classifier()?;
    let manifest = classifier.manifest();
    let mut out = io::stdout().lock();
    match command {
        ModelCommand::Info { json: true } => {
            serde_json::to_writer_pretty(&mut out, manifest).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        ModelCommand::Info { json: false } => {
            writeln!(out, "model       {}", classifier.model())?;
            writeln!(out, "engine      {}", classifier.engine())?;
            writeln!(out, "normaliser  {}", manifest.normalizer_version)?;
            for (name, t) in
                [("suspicious", manifest.thresholds.suspicious), ("scam", manifest.thresholds.scam)]
            {
                writeln!(
                    out,
                    "{name:<11} from {:.4}, set at {} % false alarms",
                    t.score,
                    t.false_alarm_rate * 100.0
                )?;
            }
            writeln!(out, "evidence    beside the wording, where it cannot be read")?;
            for (kind, weight) in &manifest.evidence {
                let alone = manifest.unread.evidence.get(kind).unwrap_or(&0.0);
                writeln!(out, "            {weight:+.2}  {alone:+.2}  {kind}")?;
            }
        }
        ModelCommand::Verify => {
            let c = classifier.classify("สวัสดี hello")?;
            anyhow::ensure!(c.score.is_finite(), "the network gives no number");
            for (file, hash) in &manifest.files {
                writeln!(out, "{hash}  {file}")?;
            }
            writeln!(
                out,
                "{} is whole and runs on the engine {}",
                classifier.model(),
                classifier.engine()
            )?;
        }
    }
    Ok(Found::Nothing)
}
