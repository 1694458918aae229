//! Which n-grams the network knows: of all slots that n-grams are hashed into, those that have a row in its table.
//!
//! Most n-grams of a language are rare and teach a model nothing. Training keeps the others, and the file
//! `vocabulary.bin` has one bit for each slot, set if it is kept; the rows of the table follow the order of the slots.
//! So n-grams share a row only by an unlucky hash among many slots, and those that are unknown cost nothing.

use crate::error::Error;

/// The slots that have a row.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    blocks: Vec<Block>,
}

/// 64 slots. What a look needs lies side by side, for it costs no more than one line of the cache.
#[derive(Clone, Copy, Debug)]
struct Block {
    /// A bit for each slot, set if it has a row.
    bits: u64,
    /// How many slots before these have a row.
    before: u32,
}

impl Vocabulary {
    /// Reads `vocabulary.bin`: one bit for each of `slots`, the lowest bit of the first byte first; `rows` are set.
    pub(crate) fn parse(bytes: &[u8], slots: u32, rows: u32) -> Result<Self, Error> {
        // `FeatureConfig` has checked that `slots` is a power of two of at least 2^8.
        if bytes.len() * 8 != slots as usize {
            return Err(Error::Schema(format!(
                "vocabulary.bin is of {} bytes, but {slots} slots need {}",
                bytes.len(),
                slots / 8
            )));
        }
        let mut set = 0;
        let (words, _) = bytes.as_chunks();
        let blocks = words
            .iter()
            .map(|&word| {
                let block = Block { bits: u64::from_le_bytes(word), before: set };
                set += block.bits.count_ones();
                block
            })
            .collect();
        if set != rows || rows == 0 {
            return Err(Error::Schema(format!(
                "vocabulary.bin has {set} rows, but `features.rows` says {rows}"
            )));
        }
        Ok(Self { blocks })
    }

    /// The row of a slot, which must be below the number of slots; `None` if it has none.
    pub(crate) fn row(&self, slot: u32) -> Option<u32> {
        let Block { bits, before } = self.blocks[(slot / 64) as usize];
        let bit = slot % 64;
        (bits >> bit & 1 == 1).then(|| before + (bits & ((1 << bit) - 1)).count_ones())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_follow_the_order_of_the_slots(bytes in prop::collection::vec(any::<u8>(), 32)) {
            prop_assume!(bytes.iter().any(|&b| b != 0));
            let rows = bytes.iter().map(|b| b.count_ones()).sum();
            let vocabulary = Vocabulary::parse(&bytes, 256, rows).unwrap();
            let mut next = 0;
            for slot in 0..256u32 {
                let kept = bytes[slot as usize / 8] >> (slot % 8) & 1 == 1;
                prop_assert_eq!(vocabulary.row(slot), kept.then_some(next));
                next += u32::from(kept);
            }
            prop_assert_eq!(rows, next);
        }
    }

    #[test]
    fn another_size_or_number_of_rows_is_refused() {
        let schema = |bytes: &[u8], rows| {
            matches!(Vocabulary::parse(bytes, 256, rows), Err(Error::Schema(_)))
        };
        assert!(schema(&[0xFF; 31], 248));
        assert!(schema(&[0xFF; 32], 255));
        assert!(schema(&[0; 32], 0));
    }
}
