//! What many judged messages add up to: the [`campaigns`] that they are part of, and an [`html`] report.
//!
//! Nothing here reads or writes files: rows go in, findings come out.
#![deny(missing_docs, unsafe_code)]

pub mod campaigns;
mod digest;
pub mod html;
