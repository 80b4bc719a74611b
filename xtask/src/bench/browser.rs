//! The same programs in one Chromium, by the page's engine and by the npm package Pyodide: the run itself, not what loading takes.
//!
//! `tests/bench/browser/run.mjs` drives the browser and prints times; here they become ratios. What a program that does
//! nothing takes in Heddle (a fresh machine and process for every run; Pyodide keeps its interpreter) is subtracted and shown.

use std::path::PathBuf;

use super::{Table, driven, name, numbers_of};
use crate::{Outcome, setup};

/// Builds the optimised page, and prints the table.
pub fn compare(programs: &[PathBuf]) -> Outcome {
    // Pyodide has no threads.
    let uses_threads =
        |file: &PathBuf| std::fs::read_to_string(file).is_ok_and(|text| text.contains("import threading"));
    let programs: Vec<_> = programs.iter().filter(|file| !uses_threads(file)).collect();
    if programs.is_empty() {
        return Ok(());
    }
    setup::npm_packages()?;
    let text = driven("run.mjs", &programs)?;
    let [_, start] = numbers_of(&text, "(start)")?;
    println!("\nreal time in Chromium, tracing on, without the {start:.0} ms that a run of nothing takes in Heddle");
    let mut table = Table::new("Pyodide");
    for file in programs {
        let name = name(file);
        let [theirs, ours] = numbers_of(&text, &name)?;
        table.row(&name, theirs, (ours - start).max(0.1));
    }
    table.mean();
    Ok(())
}
