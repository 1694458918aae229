//! The face of the library.

#[cfg(feature = "explain")]
pub(crate) mod explain;
mod stages;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::classification::Classification;
use crate::error::Error;
use crate::indicators::{self, Indicator};
use crate::links::{Judged, Link, judge_links};
use crate::lists::Lists;
use crate::message::{AsMessage, Message};
use crate::model::features::{Features, features, model_text, show, windows};
use crate::model::{Engine, Manifest, ModelFiles, Run, Vocabulary, start};
use crate::policy::{Bars, Policy};
use crate::score;
use crate::score::{Sign, log_odds, signs_of_text, weigh};
use crate::text::thai_chars::is_alphabetic;
use crate::text::{Language, Normalized, normalize};

/// The longest message that is read, unless [`ClassifierBuilder::max_bytes`] says otherwise.
pub const DEFAULT_MAX_BYTES: usize = 1 << 20;
/// How many messages one thread takes at a time from a batch.
const CHUNK: usize = 64;
/// How many windows the network reads at once: their features stay in the second-level cache.
const WINDOWS: usize = 8;

/// Classifies messages.
///
/// Holds the model and the tables, which never change: it is `Send` and `Sync`, cheap to clone, and every method takes
/// `&self`. Making one costs a few milliseconds; classifying a message some tens of microseconds.
///
/// ```
/// let classifier = ruthan::Classifier::new()?;
/// let c = classifier.classify("พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com")?;
/// assert!(c.score > 0.5 && c.label.as_str() == "delivery");
/// # Ok::<(), ruthan::Error>(())
/// ```
#[derive(Clone)]
pub struct Classifier {
    inner: Arc<Inner>,
}

struct Inner {
    manifest: Manifest,
    vocabulary: Vocabulary,
    lists: Arc<Lists>,
    bars: Bars,
    mask_ids: bool,
    model: String,
    engine: Arc<dyn Run>,
    /// What batches are spread over; a single message stays on the caller's thread.
    pool: rayon::ThreadPool,
    max_bytes: usize,
}

impl fmt::Debug for Classifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Classifier")
            .field("model", &self.inner.model)
            .field("engine", &self.inner.engine.name())
            .field("max_bytes", &self.inner.max_bytes)
            .finish()
    }
}

/// Makes a [`Classifier`] with other than the standard settings.
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClassifierBuilder {
    model_dir: Option<PathBuf>,
    lists_dir: Option<PathBuf>,
    show_ids: bool,
    engine: Engine,
    threads: Option<usize>,
    max_bytes: Option<usize>,
    policy: Policy,
}

impl ClassifierBuilder {
    /// Takes the model from a folder instead of the one inside the program.
    pub fn model_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.model_dir = Some(folder.into());
        self
    }

    /// Takes lists from a folder in place of those inside the program: brands, shorteners, free hosting and the other
    /// files that [`ruthan_data::Tables::from_dir`] names. What the folder lacks stays as it is.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("ruthan-lists-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// std::fs::write(folder.join("shorteners.txt"), "new-short.me\n").unwrap();
    /// let classifier = ruthan::Classifier::builder().lists_dir(&folder).build()?;
    /// assert_eq!(classifier.links("see new-short.me/x")[0].evidence[0].kind, ruthan::EvidenceKind::Shortener);
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # Ok::<(), ruthan::Error>(())
    /// ```
    pub fn lists_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.lists_dir = Some(folder.into());
        self
    }

    /// Shows national IDs among the indicators in full, for an investigator who may see them. Standard: masked.
    pub fn show_ids(mut self, show: bool) -> Self {
        self.show_ids = show;
        self
    }

    /// Chooses the engine. Standard: [`Engine::Auto`].
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Sets how many threads a batch is spread over. Standard: one for each core.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Sets the longest message that is read, in bytes. Standard: [`DEFAULT_MAX_BYTES`].
    pub fn max_bytes(mut self, limit: usize) -> Self {
        self.max_bytes = Some(limit);
        self
    }

    /// Sets the scores from which verdicts are given. Standard: those of the model.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Loads the model and starts the engine.
    ///
    /// # Errors
    ///
    /// If a file of the model is missing, altered or of another form ([`Error::ModelFile`], [`Error::Hash`],
    /// [`Error::Schema`]), the lists break a rule ([`Error::Lists`]), the engine or the threads cannot be started
    /// ([`Error::Engine`], [`Error::Threads`]) or the policy's scores do not rise ([`Error::Policy`]).
    pub fn build(self) -> Result<Classifier, Error> {
        let files = match &self.model_dir {
            Some(folder) => ModelFiles::read(folder)?,
            None => ModelFiles::embedded()?,
        };
        let lists = match &self.lists_dir {
            Some(folder) => Lists::from_dir(folder)?,
            None => Arc::clone(Lists::embedded()),
        };
        let bars = self.policy.bars(files.manifest.thresholds)?;
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = self.threads.unwrap_or_else(cores).max(1);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|i| format!("ruthan-{i}"))
            .build()
            .map_err(|error| Error::Threads { threads, cause: error.to_string() })?;
        let engine = start(&files, &self.engine)?;
        let ModelFiles { manifest, vocabulary, .. } = files;
        let model = format!("{} {}", manifest.name, manifest.version);
        let max_bytes = self.max_bytes.unwrap_or(DEFAULT_MAX_BYTES).min(u32::MAX as usize);
        Ok(Classifier {
            inner: Arc::new(Inner {
                manifest,
                vocabulary,
                lists,
                bars,
                mask_ids: !self.show_ids,
                model,
                engine,
                pool,
                max_bytes,
            }),
        })
    }
}

/// A message on its way: all that can be said before the network is asked.
#[derive(Debug)]
struct Prepared<'m> {
    message: Message<'m>,
    normalized: Normalized,
    judged: Judged,
    /// The features of each window.
    windows: Vec<Features>,
}

impl Classifier {
    /// Makes a classifier with the model and engine inside the program: no files, no network.
    ///
    /// # Errors
    ///
    /// As [`ClassifierBuilder::build`].
    pub fn new() -> Result<Self, Error> {
        Self::builder().engine(Engine::Embedded).build()
    }

    /// Starts a builder.
    pub fn builder() -> ClassifierBuilder {
        ClassifierBuilder::default()
    }

    /// The model's name and version.
    pub fn model(&self) -> &str {
        &self.inner.model
    }

    /// The name of the engine that runs the network: `embedded` or `onnxruntime`.
    pub fn engine(&self) -> &'static str {
        self.inner.engine.name()
    }

    /// What the model's manifest says.
    pub fn manifest(&self) -> &Manifest {
        &self.inner.manifest
    }

    /// Classifies one message.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`], or [`Error::Run`] if the engine fails.
    pub fn classify(&self, message: impl AsMessage) -> Result<Classification, Error> {
        let prepared = self.prepare(message.as_message())?;
        let mut logits = self.logits(std::slice::from_ref(&prepared))?;
        Ok(self.finish(prepared, &logits.remove(0)))
    }

    /// Classifies many messages on all threads. Answers come in the order of the messages, and each is the same as
    /// [`classify`](Self::classify) gives, to 1e-4 of the score; one that fails does not touch the others.
    pub fn classify_batch<M>(&self, messages: &[M]) -> Vec<Result<Classification, Error>>
    where
        M: AsMessage + Sync,
    {
        let chunk = |chunk: &[M]| self.classify_chunk(chunk.iter().map(AsMessage::as_message));
        self.inner.pool.install(|| messages.par_chunks(CHUNK).flat_map_iter(chunk).collect())
    }

    /// Classifies a handful of messages on this thread, with their windows run through the network together.
    fn classify_chunk<'m>(
        &self,
        messages: impl Iterator<Item = Message<'m>>,
    ) -> Vec<Result<Classification, Error>> {
        let mut results: Vec<Option<Result<Classification, Error>>> = Vec::new();
        let mut prepared = Vec::new();
        for message in messages {
            match self.prepare(message) {
                Ok(ready) => {
                    prepared.push(ready);
                    results.push(None);
                }
                Err(error) => results.push(Some(Err(error))),
            }
        }
        let mut answers = match self.logits(&prepared) {
            Ok(logits) => prepared
                .into_iter()
                .zip(logits)
                .map(|(p, l)| Ok(self.finish(p, &l)))
                .collect::<Vec<_>>(),
            // The engine failed for the whole: each message is asked alone, so that the fault stays with its own.
            Err(_) => prepared
                .into_iter()
                .map(|p| {
                    self.logits(std::slice::from_ref(&p)).map(|mut l| self.finish(p, &l.remove(0)))
                })
                .collect(),
        }
        .into_iter();
        results.into_iter().filter_map(|result| result.or_else(|| answers.next())).collect()
    }

    /// Finds and judges the links of a message, with the weights of this model.
    pub fn links(&self, message: impl AsMessage) -> Vec<Link> {
        let message = message.as_message();
        let normalized = normalize(message.text());
        let judged =
            judge_links(&normalized, message.text(), message.sender_name(), &self.inner.lists);
        let language = language_of(&normalized, &judged);
        let weight = |kind| self.inner.manifest.weight(kind, language);
        judged.into_links(&normalized, message.text(), weight)
    }

    /// Finds the indicators of a message other than its links, with the lists of this classifier.
    pub fn indicators(&self, message: impl AsMessage) -> Vec<Indicator> {
        let message = message.as_message();
        let normalized = normalize(message.text());
        let links = crate::links::find::find(normalized.text(), &self.inner.lists);
        self.masked(indicators::find(&normalized, message.text(), &links, &self.inner.lists))
    }

    fn masked(&self, found: Vec<Indicator>) -> Vec<Indicator> {
        if self.inner.mask_ids { indicators::mask(found) } else { found }
    }

    /// Everything that can be done without the network.
    fn prepare<'m>(&self, message: Message<'m>) -> Result<Prepared<'m>, Error> {
        let (bytes, limit) = (message.text().len(), self.inner.max_bytes);
        if bytes > limit {
            return Err(Error::TooLong { bytes, limit });
        }
        let normalized = normalize(message.text());
        let judged =
            judge_links(&normalized, message.text(), message.sender_name(), &self.inner.lists);
        let windows = self.read(&normalized, &judged);
        Ok(Prepared { message, normalized, judged, windows })
    }

    /// The features of each window of a message.
    fn read(&self, normalized: &Normalized, judged: &Judged) -> Vec<Features> {
        let Inner { manifest: Manifest { features: config, .. }, vocabulary, .. } = &*self.inner;
        let text = model_text(normalized, &judged.links, &mut ());
        windows(text.len(), config)
            .map(|window| features(&text[window], config, Some(vocabulary)))
            .collect()
    }

    /// Asks the network: the logits of the worst window of each message.
    ///
    /// Windows of much the same length run together, so that little is padded. A window's answer does not depend on the
    /// others beyond rounding.
    fn logits(&self, prepared: &[Prepared<'_>]) -> Result<Vec<Vec<f32>>, Error> {
        let mut order: Vec<(usize, &Features)> = prepared
            .iter()
            .enumerate()
            .flat_map(|(i, p)| p.windows.iter().map(move |window| (i, window)))
            .collect();
        order.sort_by_key(|(_, window)| window.rows.len());
        let mut worst: Vec<Option<(f32, Vec<f32>)>> = vec![None; prepared.len()];
        for group in order.chunks(WINDOWS) {
            let windows: Vec<&Features> = group.iter().map(|&(_, window)| window).collect();
            let logits = self.inner.engine.logits(&windows)?;
            for (&(message, _), logits) in
                group.iter().zip(logits.chunks_exact(crate::Label::ALL.len()))
            {
                let odds = log_odds(logits);
                if worst[message].as_ref().is_none_or(|(most, _)| odds > *most) {
                    worst[message] = Some((odds, logits.to_vec()));
                }
            }
        }
        Ok(worst.into_iter().map(|w| w.map_or_else(Vec::new, |(_, logits)| logits)).collect())
    }

    /// Weighs all that is known.
    fn finish(&self, prepared: Prepared<'_>, logits: &[f32]) -> Classification {
        let Prepared { message, normalized, judged, .. } = prepared;
        let manifest = &self.inner.manifest;
        let found: Vec<_> = judged.links.iter().map(|link| link.found.clone()).collect();
        let indicators = indicators::find(&normalized, message.text(), &found, &self.inner.lists);
        let indicators = self.masked(indicators);
        let language = language_of(&normalized, &judged);
        let weight = |kind| manifest.weight(kind, language);
        let links = judged.into_links(&normalized, message.text(), weight);
        let signs = worst_signs(&links, &normalized);
        let score::Weighed { score, verdict, label, evidence, probabilities } =
            weigh(manifest, self.inner.bars, language, logits, &signs);
        Classification {
            score,
            verdict,
            label,
            language,
            evidence,
            links,
            indicators,
            model: self.inner.model.clone(),
            probabilities,
        }
    }
}

/// The language of what a message says. Where nothing stands outside its links, it says nothing.
fn language_of(normalized: &Normalized, judged: &Judged) -> Language {
    let text = normalized.text();
    let mut from = 0;
    let mut says = false;
    for link in &judged.links {
        says |= text[from..link.found.range.start].contains(is_alphabetic);
        from = link.found.range.end;
    }
    says |= text[from..].contains(is_alphabetic);
    if says || judged.links.is_empty() { normalized.language() } else { Language::None }
}

/// The signs that count: those of the worst link, so that ten harmless links do not hide it, and those of the text.
fn worst_signs(links: &[Link], normalized: &Normalized) -> Vec<Sign> {
    let weight = |link: &&Link| link.evidence.iter().map(|e| e.weight).sum::<f32>();
    let worst = links.iter().max_by(|a, b| weight(a).total_cmp(&weight(b)));
    let mut signs: Vec<Sign> = worst
        .into_iter()
        .flat_map(|link| link.evidence.iter().map(|e| (e.kind, Some(link.span))))
        .collect();
    signs.extend(signs_of_text(normalized));
    signs
}

/// What training needs of a message: made by the same code that classification uses.
///
/// Not part of the stable interface.
#[doc(hidden)]
pub mod training {
    pub use super::stages::Stages;
    use super::{
        Lists, Message, Normalized, features, judge_links, language_of, model_text, normalize,
        show, signs_of_text, windows,
    };
    use crate::evidence::EvidenceKind;
    use crate::model::{FeatureConfig, Features};

    /// A message as training sees it.
    #[derive(Debug)]
    pub struct Example {
        /// The language's name.
        pub language: &'static str,
        /// The model text for people.
        pub model_text: String,
        /// The features of each window.
        pub windows: Vec<Features>,
        /// The kinds of evidence of each link, then those of the text.
        pub links: Vec<Vec<EvidenceKind>>,
        /// The kinds of evidence of the text.
        pub text: Vec<EvidenceKind>,
    }

    /// Runs the second stage alone, for the benches: how many links and indicators a normalised message has.
    pub fn second_stage(normalized: &Normalized, given: &str) -> (usize, usize) {
        let lists = Lists::embedded();
        let judged = judge_links(normalized, given, None, lists);
        let found: Vec<_> = judged.links.iter().map(|link| link.found.clone()).collect();
        let indicators = super::indicators::find(normalized, given, &found, lists);
        (judged.links.len(), indicators.len())
    }

    /// Prepares a message as [`Classifier`](super::Classifier) does.
    pub fn example(text: &str, config: &FeatureConfig) -> Example {
        let message = Message::new(text);
        let normalized = normalize(message.text());
        let judged = judge_links(&normalized, text, None, Lists::embedded());
        let model = model_text(&normalized, &judged.links, &mut ());
        Example {
            language: language_of(&normalized, &judged).as_str(),
            windows: windows(model.len(), config)
                .map(|window| features(&model[window], config, None))
                .collect(),
            model_text: show(&model),
            links: judged.links.iter().map(|link| link.judgement.evidence.clone()).collect(),
            text: signs_of_text(&normalized).into_iter().map(|(kind, _)| kind).collect(),
        }
    }
}
