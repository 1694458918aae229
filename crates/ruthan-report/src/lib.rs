//! What many judged messages add up to: the campaigns that they are part of.
//!
//! Nothing here reads or writes files: rows go in, findings come out.
#![deny(missing_docs, unsafe_code)]

pub mod campaigns;
mod digest;
