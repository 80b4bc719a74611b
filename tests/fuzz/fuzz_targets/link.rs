//! Any text as a link, and any bytes as what a link holds, with a checksum that fits: each opens or says in a sentence why not, and what opens makes a link again.
#![no_main]

use heddle_fuzz::envelope;
use heddle_scenario::{decode_link, encode_link};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Damage is told, not shown: what it says is nobody's business here.
        let _ = decode_link(text);
    }
    for version in [1, 2] {
        let Ok(link) = decode_link(&envelope(version, bytes)) else {
            continue;
        };
        let again = encode_link(&link).expect("what was opened is small enough for a link");
        assert_eq!(decode_link(&again), Ok(link));
    }
});
