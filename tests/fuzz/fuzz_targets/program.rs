//! The fuzzer's bytes as choices of a grammar: every program compiles, so all the work goes to the interpreter.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| heddle_fuzz::run(&heddle_tests::fuzz::program_of_bytes(bytes, 40)));
