//! Each stage alone, for the benches.

use super::{CHUNK, Classifier, Link, Message, Prepared, language_of, weigh, worst_signs};
use crate::error::Error;
use crate::text::Language;

/// Messages with what every stage made of them, so that any stage can be run again alone.
///
/// Not part of the stable interface.
#[derive(Debug)]
pub struct Stages<'c> {
    classifier: &'c Classifier,
    prepared: Vec<Prepared<'c>>,
    judged: Vec<(Language, Vec<Link>)>,
    logits: Vec<Vec<f32>>,
}

impl<'c> Stages<'c> {
    /// Runs all stages.
    ///
    /// # Errors
    ///
    /// As [`Classifier::classify`].
    pub fn new(classifier: &'c Classifier, texts: &'c [String]) -> Result<Self, Error> {
        let prepared = texts.iter().map(|text| classifier.prepare(Message::new(text)));
        let prepared: Vec<_> = prepared.collect::<Result<_, _>>()?;
        let judged = prepared
            .iter()
            .map(|p| (language_of(&p.normalized, &p.judged), classifier.links(p.message)))
            .collect();
        let mut stages = Self { classifier, prepared, judged, logits: Vec::new() };
        stages.logits = stages.network()?;
        Ok(stages)
    }

    /// Computes the features of all windows; returns how many features there are.
    pub fn features(&self) -> usize {
        let windows = |p: &Prepared<'_>| self.classifier.read(&p.normalized, &p.judged);
        self.prepared.iter().flat_map(windows).map(|window| window.rows.len()).sum()
    }

    /// Runs the network, as many messages together as in a batch; returns the logits of each.
    ///
    /// # Errors
    ///
    /// [`Error::Run`] if the engine fails.
    pub fn network(&self) -> Result<Vec<Vec<f32>>, Error> {
        let chunks = self.prepared.chunks(CHUNK).map(|chunk| self.classifier.logits(chunk));
        Ok(chunks.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Weighs logits and signs; returns the sum of the scores.
    pub fn score(&self) -> f32 {
        let inner = &self.classifier.inner;
        let each = self.prepared.iter().zip(&self.judged).zip(&self.logits);
        each.map(|((prepared, (language, links)), logits)| {
            let signs = worst_signs(links, &prepared.normalized);
            weigh(&inner.manifest, inner.bars, *language, logits, &signs).score
        })
        .sum()
    }
}
