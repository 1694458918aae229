//! What Ruthan judges links and senders with: brands and the hosts that are truly theirs,
//! shorteners, free hosting, file hosts, link-in-bio pages, chat hosts, abused and official suffixes.
//!
//! The facts live in `brands.toml` and plain lists beside this crate's `src`. The build script checks
//! them and lays them out in one file that the library embeds: a mistake in a fact fails the build.
//! Nothing is read from disk at run time unless a user brings lists of their own ([`Tables::from_dir`]).
//!
//! ```
//! use ruthan_data::Tables;
//!
//! let tables = Tables::embedded();
//! // A message says that it is the electricity board, and links to:
//! let host = "pea.rkgo.cc";
//! let pea = tables.brand("pea").unwrap();
//! let genuine = tables.brand_of_host(host).is_some_and(|owner| owner.is_kin_of(pea));
//! assert!(!genuine && tables.is_abused_suffix("cc"));
//! ```
//!
//! Each answer is a fact, not a verdict: genuine shops use shorteners, and scams sit on free hosting
//! and on `.com` alike. What a fact weighs is decided where it is used.

#![deny(missing_docs, unsafe_code)]

mod check;
mod hosts;
mod read;
mod schema;
mod suffix;
mod tables;
#[cfg(test)]
mod tests;

pub use schema::{Brand, BrandKind, ChatService, Cues, Currency, Phrase, Wording};
pub use suffix::{known_suffix, public_suffix, registrable_domain};
pub use tables::{ListsError, Tables};
