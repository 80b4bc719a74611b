//! Unpacks the engine, which is delivered packed with LZMA: a quarter less to wait for than with gzip.
//!
//! A small wasm program of its own, since it must be there before the engine. `static/worker.js` calls it.

use lzma_rust2::LzmaReader;
use std::io::Read;
use wasm_bindgen::prelude::wasm_bindgen;

/// More than any engine needs; a damaged file may claim to need it.
const MEMORY_KIB: u32 = 64 * 1024;

/// The program whose streams (`heddle-streams`) were packed in a file of the kind `.lzma`. Err: a sentence.
#[wasm_bindgen]
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    let cannot = |error: &dyn std::fmt::Display| format!("The engine cannot be unpacked: {error}.");
    let mut reader = LzmaReader::new_mem_limit(packed, MEMORY_KIB, None).map_err(|error| cannot(&error))?;
    let mut streams = Vec::with_capacity(packed.len().saturating_mul(4));
    reader.read_to_end(&mut streams).map_err(|error| cannot(&error))?;
    heddle_streams::join(&streams).map_err(|error| cannot(&error))
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

    /// A function that does nothing, and much that is no code.
    fn program() -> Vec<u8> {
        let mut program = b"\0asm\x01\0\0\0\x0a\x04\x01\x02\0\x0b\x0b\xe0\xd4\x03".to_vec();
        program.extend((0..60_000u32).map(|n| (n / 7) as u8));
        program
    }

    #[test]
    fn what_was_packed_comes_back() {
        let program = program();
        let streams = heddle_streams::split(&program).expect("a program");
        assert_eq!(unpack(&packed(&streams)).as_deref(), Ok(program.as_slice()));
    }

    #[test]
    fn damage_is_told() {
        let good = packed(&heddle_streams::split(&program()).expect("a program"));
        let (half, _) = good.split_at(good.len() / 2);
        let no_program = packed(&[7; 5000]);
        for bad in [&[][..], half, &no_program, b"<!doctype html><title>404</title>"] {
            let why = unpack(bad).expect_err("damaged");
            assert!(
                why.starts_with("The engine cannot be unpacked: ") && why.ends_with('.'),
                "{why}"
            );
        }
    }
}
