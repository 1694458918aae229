//! `ruthan model`: what the model is, and whether it is whole.

use std::io::{self, Write};

use anyhow::Context;
use ruthan::Classifier;

use crate::Found;
use crate::arguments::{ModelCommand, Setup};
use crate::terminal::complain;

pub(crate) fn model(setup: Setup, command: ModelCommand) -> anyhow::Result<Found> {
    match command {
        ModelCommand::Info { json } => info(&setup.classifier()?, json),
        ModelCommand::Verify { folder } => {
            let setup = setup.with_model(folder);
            match verified(&setup) {
                Ok(classifier) => say_verified(&classifier),
                Err(error) => {
                    complain(&format!("not verified: {error:#}"));
                    Ok(Found::Unverified)
                }
            }
        }
    }
}

fn info(classifier: &Classifier, json: bool) -> anyhow::Result<Found> {
    let manifest = classifier.manifest();
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, manifest).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(Found::Nothing);
    }
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
    Ok(Found::Nothing)
}

/// The model, once its hashes, its manifest and its network's form were checked and it has answered.
fn verified(setup: &Setup) -> anyhow::Result<Classifier> {
    let classifier = setup.classifier()?;
    classifier.classify("สวัสดี hello").context("the network gives no answer")?;
    Ok(classifier)
}

fn say_verified(classifier: &Classifier) -> anyhow::Result<Found> {
    let mut out = io::stdout().lock();
    writeln!(out, "model   {}", classifier.model())?;
    writeln!(out, "engine  {}", classifier.engine())?;
    for (file, hash) in &classifier.manifest().files {
        writeln!(out, "{hash}  {file}")?;
    }
    writeln!(out, "verified")?;
    Ok(Found::Nothing)
}
