//! The same programs in one Chromium, by the page's engine and by the npm package Pyodide: the run itself, not what loading takes.
//!
//! `tests/bench/browser/run.mjs` drives the browser and prints times; here they become ratios. What a program that does
//! nothing takes in Heddle (a fresh machine and process for every run; Pyodide keeps its interpreter) is subtracted and shown.

use std::path::PathBuf;
use std::process::Command;

use super::{Table, name};
use crate::process::{on_path, watch};
use crate::{Outcome, page, root, setup};

/// Builds the optimised page, and prints the table.
pub fn compare(programs: &[PathBuf]) -> Outcome {
    // Pyodide has no threads.
    let uses_threads =
        |file: &PathBuf| std::fs::read_to_string(file).is_ok_and(|text| text.contains("import threading"));
    let programs: Vec<_> = programs.iter().filter(|file| !uses_threads(file)).collect();
    if programs.is_empty() {
        return Ok(());
    }
    let folder = root().join("tests/bench/browser");
    setup::npm_folder(&folder)?;
    setup::npm_packages()?;
    let chromium = setup::chromium()?;
    page::for_users("./")?;
    let node = on_path("node").ok_or("Node.js is missing")?;
    let mut driver = Command::new(node);
    driver
        .arg(folder.join("run.mjs"))
        .arg(page::dist())
        .args(&programs)
        .env("CHROME", chromium);
    let done = watch(&mut driver)?;
    if !done.success {
        return Err("the programs could not be run in the browser".into());
    }
    let times: Vec<(&str, f64, f64)> = done.text.lines().filter_map(times_of).collect();
    let start = times
        .iter()
        .find(|(name, ..)| *name == "(start)")
        .map_or(0.0, |(.., ours)| *ours);
    println!("\nreal time in Chromium, tracing on, without the {start:.0} ms that a run of nothing takes in Heddle");
    let mut table = Table::new("Pyodide");
    for file in programs {
        let name = name(file);
        let found = times.iter().find(|(program, ..)| *program == name);
        let (_, theirs, ours) = found.ok_or(format!("{name} was not measured"))?;
        table.row(&name, *theirs, (ours - start).max(0.1));
    }
    table.mean();
    Ok(())
}

/// A line `NAME THEIRS OURS` of the driver.
fn times_of(line: &str) -> Option<(&str, f64, f64)> {
    let mut words = line.split(' ');
    let times = (words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    words.next().is_none().then_some(times)
}
