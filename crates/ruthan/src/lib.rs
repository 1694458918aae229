//! Says how likely a Thai or English message is a scam, which kind, and why. Offline.
//!
//! ```
//! let classifier = ruthan::Classifier::new()?;
//! let c = classifier.classify("Your parcel is held. Pay the fee: https://usps.track-sh.top/x")?;
//! assert!(c.verdict.is_alarm());
//! for reason in &c.evidence {
//!     println!("{:+.2} {}", reason.weight, reason.text);
//! }
//! # Ok::<(), ruthan::Error>(())
//! ```
//!
//! A message flows one way: [`normalize`] undoes disguises, [`links`] and [`indicators()`] find what it points to, the
//! model reads the words, and the score weighs all of it. [`Classifier`] is immutable: share it between threads.
//!
//! Time and memory are linear in the length of a message, and messages beyond a limit are refused
//! ([`ClassifierBuilder::max_bytes`]). No link is ever fetched and nothing is ever sent.
//!
//! # Limits
//!
//! | what | limit | beyond it | set by |
//! |---|---|---|---|
//! | message | 1 MiB ([`DEFAULT_MAX_BYTES`]) | [`Error::TooLong`]; in a batch for that message alone | [`ClassifierBuilder::max_bytes`], up to 4 GiB |
//! | what the network reads at once | 160 characters, 80 of them shared with the next window | read in windows, of which the worst counts | the model's manifest |
//! | links of a message | 32 ([`MAX_LINKS`]) | the first are judged | – |
//! | indicators of a message | 64 ([`MAX_INDICATORS`]) | the first are handed out | – |
//! | evidence of a message | one of each [`EvidenceKind`] | – | – |
//! | links within links | 8 | counts as a link that passes on | – |
//! | messages in work at a time in a batch | 64 on each thread | wait | [`ClassifierBuilder::threads`] |
//! | `manifest.json` of a model folder | 1 MiB | [`Error::ModelFile`] | – |
//! | any other file of a model folder | 256 MiB | [`Error::ModelFile`] | – |
//!
//! A model folder is checked before it is used: names that lead out of it, links out of it, files whose SHA-256 is not the
//! manifest's and networks that keep weights elsewhere are errors. A library of ONNX Runtime is loaded only from a path
//! that was named, by [`Engine::OnnxRuntime`] or, with [`Engine::Auto`], the environment variable `ORT_DYLIB_PATH`; a
//! relative one counts from the working directory, and none is searched for.

mod classification;
mod classifier;
mod error;
mod evidence;
mod indicators;
mod label;
mod links;
mod lists;
mod message;
mod model;
mod policy;
mod score;
mod text;
mod wording;

pub use classification::{Classification, Verdict};
#[cfg(feature = "explain")]
pub use classifier::explain::{Attribution, Explanation};
#[doc(hidden)]
pub use classifier::training;
pub use classifier::{Classifier, ClassifierBuilder, DEFAULT_MAX_BYTES};
pub use error::Error;
pub use evidence::{Evidence, EvidenceKind};
pub use indicators::{Indicator, IndicatorKind, MAX_INDICATORS, indicators, unmasked_indicators};
pub use label::{Class, Label, UnknownName};
pub use links::{Link, LinkEvidence, MAX_LINKS, brands, links};
pub use message::{AsMessage, Channel, Message};
pub use model::{
    Calibration, Engine, FeatureConfig, Features, Manifest, Tensor, Threshold, Thresholds, Unread,
};
pub use policy::Policy;
pub use text::{
    Change, ChangeKind, Language, NORMALIZER_VERSION, Normalized, Scripts, Span, normalize,
};
