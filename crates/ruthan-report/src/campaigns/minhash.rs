//! How alike two texts are, from a few bytes of each.
//!
//! MinHash: of a text's shingles (all runs of five characters), each of 128 hash functions keeps the least value. Two
//! texts agree in a place as often as their sets of shingles overlap (Jaccard). One byte of each least value is kept:
//! different values agree by chance in one place of 256, which is taken off again.

/// How many hash functions.
const PLACES: usize = 128;
/// Texts that agree in all places of a band are compared.
const BAND: usize = 4;
/// How many bands: of two texts with half of their shingles in common, 87 of 100 meet in one; with two thirds, all do.
pub(super) const BANDS: usize = PLACES / BAND;
/// How many characters are hashed together: about a Thai syllable with its neighbour.
const SHINGLE: usize = 5;
/// What lies beyond is not read: the campaigns of long texts are told apart by their beginnings.
const LONGEST: usize = 8_192;

/// What is kept of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signature([u8; PLACES]);

impl Signature {
    /// The signature of a text; `None` if it has fewer than `least` shingles, which say too little.
    pub(super) fn of(text: &str, least: usize) -> Option<Self> {
        let chars: Vec<u32> = text.chars().take(LONGEST).map(u32::from).collect();
        if chars.len() < SHINGLE + least.max(1) - 1 {
            return None;
        }
        let mut mins = [u32::MAX; PLACES];
        for shingle in chars.windows(SHINGLE) {
            let hash = shingle.iter().fold(0x811c_9dc5, |hash, &ch| mix(hash ^ ch));
            for (min, [factor, term]) in mins.iter_mut().zip(&FUNCTIONS) {
                *min = (*min).min(hash.wrapping_mul(*factor).wrapping_add(*term));
            }
        }
        // The least values are near zero: mixed, any byte of them tells them apart.
        Some(Self(mins.map(|min| mix(min).to_le_bytes()[0])))
    }

    /// The estimate of how large a share of their shingles two texts have in common, 0 to 1.
    ///
    /// Its standard error is .045 at one half.
    pub(super) fn similarity(&self, other: &Self) -> f32 {
        let equal = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        let chance = 1.0 / 256.0;
        ((equal as f32 / PLACES as f32 - chance) / (1.0 - chance)).max(0.0)
    }

    /// What the text must agree in with another to be compared with it, in that band.
    pub(super) fn band(&self, band: usize) -> u32 {
        let at = band * BAND;
        u32::from_le_bytes([self.0[at], self.0[at + 1], self.0[at + 2], self.0[at + 3]])
    }
}

/// The hash functions: `factor * hash + term`, modulo 2^32.
const FUNCTIONS: [[u32; 2]; PLACES] = {
    let mut functions = [[0; 2]; PLACES];
    let mut at = 0;
    let mut state = 0x9e37_79b9;
    while at < PLACES {
        state = mix(state + 0x9e37);
        let factor = state | 1;
        state = mix(state ^ 0x85eb_ca6b);
        functions[at] = [factor, state];
        at += 1;
    }
    functions
};

/// Spreads each bit over all (the finaliser of MurmurHash3).
const fn mix(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn exact(a: &str, b: &str) -> f32 {
        let set = |text: &str| -> HashSet<Vec<char>> {
            text.chars().collect::<Vec<_>>().windows(SHINGLE).map(<[char]>::to_vec).collect()
        };
        let (a, b) = (set(a), set(b));
        a.intersection(&b).count() as f32 / a.union(&b).count() as f32
    }

    #[test]
    fn the_estimate_is_near_the_truth() {
        let whole = "พัสดุของท่านจัดส่งไม่สำเร็จเนื่องจากที่อยู่ไม่ครบถ้วนกรุณายืนยันข้อมูลภายในวันนี้ก่อนพัสดุถูกส่งคืน";
        let chars: Vec<char> = whole.chars().collect();
        for cut in [0, 8, 20, 40, 70] {
            let other: String = chars[cut..].iter().chain(['ก'; 30].iter().take(cut)).collect();
            let estimate =
                Signature::of(whole, 8).unwrap().similarity(&Signature::of(&other, 8).unwrap());
            let truth = exact(whole, &other);
            assert!((estimate - truth).abs() < 0.12, "{estimate} for {truth}");
        }
    }

    #[test]
    fn texts_with_nothing_in_common_do_not_agree() {
        let a = Signature::of("ธนาคารแจ้งระงับบัญชีของท่านชั่วคราว", 8).unwrap();
        let b = Signature::of("your parcel is held at the depot until you pay", 8).unwrap();
        assert!(a.similarity(&b) < 0.05);
        assert_eq!(Signature::of("สั้นไป", 8), None);
        assert_eq!(Signature::of("", 0), None);
    }
}
