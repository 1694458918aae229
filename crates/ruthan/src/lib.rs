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
