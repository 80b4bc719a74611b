//! What the fuzz targets share: one program, run to its end under limits a fuzzer has time for.
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
