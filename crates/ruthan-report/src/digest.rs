//! Hashes of texts that are the same everywhere and always, and that nobody can make collide at will.

use sha2::{Digest, Sha256};

/// The first 64 bits of the SHA-256 of `parts`, each closed off from the next.
pub(crate) fn digest(parts: &[&str]) -> u64 {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part);
    }
    let bytes = sha.finalize();
    bytes.iter().take(8).fold(0, |hash, &byte| hash << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_closed_off() {
        assert_ne!(digest(&["ก", "ข"]), digest(&["กข", ""]));
        assert_eq!(digest(&["รู้ทัน"]), digest(&["รู้ทัน"]));
    }
}
