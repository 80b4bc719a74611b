//! What the fuzz targets share: one program, run to its end under limits a fuzzer has time for; links around any content.
//!
//! Whatever a program does, it ends as a `Run` ends. A panic is what the fuzzer looks for.

use heddle_lab::{Limits, Run};
use heddle_scenario::Scenario;

/// About half a second at most for a program that uses its limits up.
const LIMITS: Limits = Limits {
    time_ns: 1_000_000_000,
    memory_bytes: 32 << 20,
    steps: 2_000_000,
    output_bytes: 1 << 18,
    threads: 20,
};

/// A link of some version around any payload, with the length and checksum that belong to it.
pub fn envelope(version: u32, payload: &[u8]) -> String {
    let mut length = payload.len();
    let mut bytes = Vec::new();
    while length >= 0x80 {
        bytes.push((length as u8) | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    let crc = payload.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    });
    bytes.extend((!crc).to_le_bytes());
    bytes.extend(payload);
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = format!("h{version}.");
    for group in bytes.chunks(3) {
        let word = (0..3).fold(0u32, |word, n| word << 8 | u32::from(group.get(n).copied().unwrap_or(0)));
        text.extend((0..=group.len()).map(|n| char::from(ALPHABET[(word >> (18 - 6 * n) & 63) as usize])));
    }
    text
}

/// Compiles and runs `text`; what it says is nobody's business.
pub fn run(text: &str) {
    let Ok(scenario) = Scenario::from_source("main.py", text) else {
        return;
    };
    let Ok(mut run) = Run::new(&scenario, LIMITS) else {
        return;
    };
    while run.advance(10_000_000).finished.is_none() {}
}
