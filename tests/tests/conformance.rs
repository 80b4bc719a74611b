//! Each program of `conformance/` says under Heddle what it says under CPython: stdout, last line of stderr, exit status.

use heddle_tests::conformance;

#[track_caller]
fn check(name: &str) {
    if let Err(difference) = conformance::check(name) {
        panic!("{difference}");
    }
}

include!(concat!(env!("OUT_DIR"), "/conformance.rs"));
