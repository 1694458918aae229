//! What a scan came to.

use ruthan::{Classification, Verdict};
use serde::{Deserialize, Serialize};

/// Counts of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    pub(super) messages: u64,
    pub(super) empty: u64,
    pub(super) alarms: u64,
    pub(super) scams: u64,
    pub(super) rejected: u64,
    /// Messages that are no alarm while their conversation is.
    #[serde(default)]
    pub(super) slow: u64,
}

impl Totals {
    /// Counts the rows of a batch.
    pub(super) fn count(
        &mut self,
        own: &[Option<Classification>],
        conversation: Option<&[Option<Classification>]>,
    ) {
        for (row, classification) in own.iter().enumerate() {
            match classification {
                Some(c) => {
                    self.messages += 1;
                    self.alarms += u64::from(c.verdict.is_alarm());
                    self.scams += u64::from(c.verdict == Verdict::Scam);
                    let thread = conversation.and_then(|answers| answers[row].as_ref());
                    let thread_alarms = thread.is_some_and(|thread| thread.verdict.is_alarm());
                    self.slow += u64::from(thread_alarms && !c.verdict.is_alarm());
                }
                None => self.empty += 1,
            }
        }
    }

    /// Says it to people.
    pub(super) fn summary(&self) -> String {
        let Self { messages, empty, alarms, scams, rejected, slow } = self;
        let suspicious = alarms - scams;
        let slow = match slow {
            0 => String::new(),
            slow => format!(" ({slow} more only with their conversation)"),
        };
        format!(
            "{messages} messages: {scams} scam, {suspicious} suspicious{slow}; {empty} rows without text, {rejected} rejected"
        )
    }
}
