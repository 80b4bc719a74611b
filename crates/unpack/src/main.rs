//! Unpacks the engine, which is delivered packed with LZMA: a quarter less to wait for than with gzip.
//!
//! A small wasm program of its own, since it must be there before the engine. `static/worker.js` calls it.

use lzma_rust2::LzmaReader;
use std::io::Read;
use wasm_bindgen::prelude::wasm_bindgen;

/// More than any engine needs; a damaged file may claim to need it.
const MEMORY_KIB: u32 = 64 * 1024;

/// The bytes that were packed in a file of the kind `.lzma`. Err: a sentence.
#[wasm_bindgen]
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    let cannot = |error: &dyn std::fmt::Display| format!("The engine cannot be unpacked: {error}.");
    let mut reader = LzmaReader::new_mem_limit(packed, MEMORY_KIB, None).map_err(|error| cannot(&error))?;
    let mut bytes = Vec::with_capacity(packed.len().saturating_mul(4));
    reader.read_to_end(&mut bytes).map_err(|error| cannot(&error))?;
    Ok(bytes)
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::unpack;
    use lzma_rust2::{LzmaOptions, LzmaWriter};
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let options = LzmaOptions::with_preset(6);
        let mut writer =
            LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64)).expect("good options");
        writer.write_all(bytes).expect("memory can be written");
        writer.finish().expect("memory can be written")
    }

    #[test]
    fn what_was_packed_comes_back() {
        let bytes: Vec<u8> = (0..200_000u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        assert_eq!(unpack(&packed(&bytes)).as_deref(), Ok(bytes.as_slice()));
        assert_eq!(unpack(&packed(&[])).as_deref(), Ok([].as_slice()));
    }

    #[test]
    fn damage_is_told() {
        let good = packed(&[7; 5000]);
        let (half, _) = good.split_at(good.len() / 2);
        for bad in [&[][..], half, b"<!doctype html><title>404</title>"] {
            let why = unpack(bad).expect_err("damaged");
            assert!(
                why.starts_with("The engine cannot be unpacked: ") && why.ends_with('.'),
                "{why}"
            );
        }
    }
}
