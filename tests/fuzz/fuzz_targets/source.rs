//! Any text as a program: parser, compiler and interpreter must answer without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| heddle_fuzz::run(text));
