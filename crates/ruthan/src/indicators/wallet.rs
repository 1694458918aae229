//! Addresses of crypto wallets, told from other strings by their checksums.

use sha2::{Digest, Sha256};
use sha3::Keccak256;

/// Addresses are at least and at most this long (Bitcoin base58: 26, bech32: 90).
pub(super) const SHORTEST: usize = 26;
pub(super) const LONGEST: usize = 90;

/// Whether `token` is the address of a Bitcoin, Ethereum or Tron wallet, its checksum right.
///
/// Bitcoin: base58check with version 0 or 5 (BIP 13) and segregated witness (BIP 173, 350). Tron: base58check with
/// version 0x41. Ethereum: 20 bytes in hexadecimal; in mixed case the case is the checksum (EIP-55).
pub(super) fn is_address(token: &str) -> bool {
    if !(SHORTEST..=LONGEST).contains(&token.len()) {
        return false;
    }
    match token.as_bytes() {
        [b'0', b'x' | b'X', hex @ ..] => is_ethereum(hex),
        [b'b' | b'B', b'c' | b'C', b'1', ..] => bech32::segwit::decode(token)
            .is_ok_and(|(prefix, ..)| prefix.as_str().eq_ignore_ascii_case("bc")),
        [b'1', ..] => is_base58check(token, 0x00),
        [b'3', ..] => is_base58check(token, 0x05),
        [b'T', ..] => is_base58check(token, 0x41),
        _ => false,
    }
}

/// Version, 20 bytes and the first four bytes of the hash of their hash.
fn is_base58check(token: &str, version: u8) -> bool {
    let Ok(bytes) = bs58::decode(token).into_vec() else { return false };
    let Some((body, checksum)) = bytes.split_last_chunk::<4>() else { return false };
    body.len() == 21
        && body[0] == version
        && Sha256::digest(Sha256::digest(body))[..4] == checksum[..]
}

fn is_ethereum(hex: &[u8]) -> bool {
    if hex.len() != 40 || !hex.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    let one_case =
        !hex.iter().any(u8::is_ascii_lowercase) || !hex.iter().any(u8::is_ascii_uppercase);
    one_case || {
        let hash = Keccak256::digest(hex.to_ascii_lowercase());
        hex.iter().enumerate().all(|(i, byte)| {
            let nibble = (hash[i / 2] >> (4 * (1 - i % 2))) & 0xF;
            !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() == (nibble >= 8)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_off_is_no_address() {
        for address in [
            // The genesis block's, and the examples of BIP 173, BIP 350 and EIP-55.
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW",
        ] {
            assert!(is_address(address), "{address}");
            for at in [3, address.len() / 2, address.len() - 1] {
                let mut other = address.as_bytes().to_vec();
                other[at] = if other[at] == b'e' { b'F' } else { b'e' };
                if other != address.as_bytes() {
                    assert!(!is_address(str::from_utf8(&other).unwrap()), "{address} at {at}");
                }
            }
        }
        assert!(is_address("0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb"));
        assert!(!is_address(&"1".repeat(34)));
        assert!(!is_address(&"0".repeat(LONGEST + 1)));
    }
}
