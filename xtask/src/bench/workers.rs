//! Programs of several processes in one Chromium, with and without Web Workers for the processes: how much sooner they are over.
//!
//! `tests/bench/browser/workers.mjs` drives the browser. For the program that sends messages to and fro what counts is the time of one message.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{on_path, watch};
use crate::{Outcome, page, root, setup};

/// Messages that `tests/bench/processes/pipe.py` sends.
const MESSAGES: f64 = 4_000.0;

/// Prints the table; the optimised page has been built.
pub fn compare() -> Outcome {
    let folder = root().join("tests/bench");
    setup::npm_folder(&folder.join("browser"))?;
    let chromium = setup::chromium()?;
    page::for_users("./")?;
    let node = on_path("node").ok_or("Node.js is missing")?;
    let entries =
        std::fs::read_dir(folder.join("processes")).map_err(|error| format!("tests/bench/processes: {error}"))?;
    let mut programs: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    programs.sort();
    let mut driver = Command::new(node);
    driver
        .arg(folder.join("browser/workers.mjs"))
        .arg(page::dist())
        .args(&programs)
        .env("CHROME", chromium);
    let done = watch(&mut driver)?;
    if !done.success {
        return Err("the programs could not be run in the browser".into());
    }
    println!(
        "\nreal time in Chromium, processes in the lab's worker and in two of their own: medians, in ms, and how many times sooner"
    );
    for line in done.text.lines() {
        let mut words = line.split(' ');
        let Some(name) = words.next() else { continue };
        let times: Vec<f64> = words.filter_map(|word| word.parse().ok()).collect();
        let [none, two, _, best] = times[..] else { continue };
        println!("{name:>14} {none:>9.1} {two:>9.1} {:>6.2}", none / two.max(0.1));
        if name == "pipe" {
            println!(
                "{:>14} a message {:.0} µs, at best {:.0} µs",
                "",
                two * 1e3 / MESSAGES,
                best * 1e3 / MESSAGES
            );
        }
    }
    Ok(())
}
