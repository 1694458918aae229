//! Counts of the most frequent of many values, in bounded memory.

use std::collections::HashMap;
use std::hash::Hash;

use crate::campaigns::Counted;

/// How many values are kept when there are too many.
const KEPT: usize = 10_000;

/// Counts values. As long as there are fewer than 20,000 different ones, the counts are exact; then the rarer half is
/// dropped, and from there on a count may be too low by at most [`Top::missed`].
#[derive(Debug)]
pub(super) struct Top<T> {
    counts: HashMap<T, u64>,
    missed: u64,
}

impl<T> Default for Top<T> {
    fn default() -> Self {
        Self { counts: HashMap::new(), missed: 0 }
    }
}

impl<T: Clone + Eq + Hash + Ord> Top<T> {
    pub(super) fn add(&mut self, value: T) {
        *self.counts.entry(value).or_default() += 1;
        if self.counts.len() >= 2 * KEPT {
            let all = self.sorted();
            // What is dropped may come again, and is then counted from nothing.
            self.missed += all[KEPT].messages;
            self.counts = all.into_iter().take(KEPT).map(|c| (c.value, c.messages)).collect();
        }
    }

    /// By how much a count may be too low.
    pub(super) fn missed(&self) -> u64 {
        self.missed
    }

    /// All values, the most frequent first.
    pub(super) fn sorted(&self) -> Vec<Counted<T>> {
        let mut all: Vec<Counted<T>> = self
            .counts
            .iter()
            .map(|(value, &messages)| Counted { value: value.clone(), messages })
            .collect();
        all.sort_unstable_by(|a, b| {
            b.messages.cmp(&a.messages).then_with(|| a.value.cmp(&b.value))
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_while_there_is_room_and_bounded_after() {
        let mut top = Top::default();
        for i in 0..200_000_u32 {
            top.add(i % 10);
            if i == 5_000 {
                assert_eq!((top.sorted()[0].messages, top.missed()), (501, 0));
            }
            top.add(1_000 + i);
        }
        let sorted = top.sorted();
        assert!(sorted.len() < 2 * KEPT);
        assert!(sorted[..10].iter().all(|c| c.value < 10 && c.messages == 20_000));
        assert!(top.missed() > 0);
    }
}
