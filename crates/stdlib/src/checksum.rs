//! FNV-1a, 64 bits: tells a library of another build, or a damaged one, from the right one; no protection against malice.

/// The checksum of bytes.
pub fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
