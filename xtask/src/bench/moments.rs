//! How long the page takes to show a moment of a run of a hundred million bytecodes: `tests/bench/browser/moments.mjs` clicks and steps.

use std::path::PathBuf;

use super::{driven, name, numbers_of};
use crate::Outcome;

/// Builds the optimised page, and prints a line for each program.
pub fn tell(programs: &[PathBuf]) -> Outcome {
    if programs.is_empty() {
        return Ok(());
    }
    let text = driven("moments.mjs", &programs.iter().collect::<Vec<_>>())?;
    println!("\nms in Chromium from a click or key to the moment's calls and variables, on the page");
    println!(
        "{:<14} {:>12} {:>12} {:>12} {:>12}",
        "program", "click p50", "click p95", "step p50", "step p95"
    );
    for file in programs {
        let name = name(file);
        let [click, slow_click, step, slow_step] = numbers_of(&text, &name)?;
        println!("{name:<14} {click:>12.1} {slow_click:>12.1} {step:>12.1} {slow_step:>12.1}");
    }
    Ok(())
}
