//! The trace hash: 64 bits, the same everywhere and for ever.
//!
//! The unfolded stream is a sequence of 64-bit words. With `P1..P5` the five primes of xxHash64 and all
//! arithmetic modulo 2^64, the state starts as `P5 + seed` (seed 0) and absorbs a word `w` by xxHash64's
//! eight-byte tail step:
//!
//! ```text
//! k = rotl(w * P2, 31) * P1
//! h = rotl(h ^ k, 27) * P1 + P4
//! ```
//!
//! At the end the number of words times 8 is added and xxHash64's avalanche applied (so that a stream of up to
//! three words hashes as xxHash64 hashes their little-endian bytes, save that the length is added last). Strings and byte strings
//! are absorbed as their length, then their bytes in little-endian words, the last one filled up with zeros.
//! Which words an event gives is written down in [`crate::Recorder`]; string ids never enter, only contents.
//! It is a checksum, not a cryptographic hash.

use serde::{Deserialize, Serialize};

const P1: u64 = 0x9E37_79B1_85EB_CA87;
const P2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const P3: u64 = 0x1656_67B1_9E37_79F9;
const P4: u64 = 0x85EB_CA77_C2B2_AE63;
const P5: u64 = 0x27D4_EB2F_1656_67C5;

/// The finished hash of a trace. Printed as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct TraceHash(pub u64);

impl std::fmt::Display for TraceHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A hash in the making.
#[derive(Clone, Copy, Debug)]
pub struct Hasher {
    state: u64,
    words: u64,
}

impl Default for Hasher {
    fn default() -> Self {
        Hasher { state: P5, words: 0 }
    }
}

impl Hasher {
    /// Absorbs one word.
    #[inline]
    pub fn word(&mut self, word: u64) {
        let k = word.wrapping_mul(P2).rotate_left(31).wrapping_mul(P1);
        self.state = (self.state ^ k).rotate_left(27).wrapping_mul(P1).wrapping_add(P4);
        self.words = self.words.wrapping_add(1);
    }

    /// Absorbs a byte string.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    /// The hash of what has been absorbed so far.
    #[must_use]
    pub fn finish(&self) -> u64 {
        let mut h = self.state.wrapping_add(self.words.wrapping_mul(8));
        h = (h ^ (h >> 33)).wrapping_mul(P2);
        h = (h ^ (h >> 29)).wrapping_mul(P3);
        h ^ (h >> 32)
    }
}

/// The hash of one byte string.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hasher = Hasher::default();
    hasher.bytes(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_never_change() {
        assert_eq!(TraceHash(hash_bytes(b"")).to_string(), KNOWN_EMPTY);
        assert_eq!(TraceHash(hash_bytes(b"heddle, the trace hash")).to_string(), KNOWN_TEXT);
    }

    const KNOWN_EMPTY: &str = "29d9cf47228e4e37";
    const KNOWN_TEXT: &str = "0dc333c9514d710e";

    #[test]
    fn order_and_length_count() {
        let of = |words: &[u64]| {
            let mut h = Hasher::default();
            words.iter().for_each(|w| h.word(*w));
            h.finish()
        };
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[0]), of(&[0, 0]));
        assert_ne!(hash_bytes(b"a"), hash_bytes(b"a\0"));
    }
}
