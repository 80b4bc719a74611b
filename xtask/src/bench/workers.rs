//! Programs of several processes in one Chromium, with and without Web Workers for the processes: how much sooner they are over.
//!
//! `tests/bench/browser/workers.mjs` drives the browser. For a program that says how many messages it sends (a line `# messages: 4000`) what counts is the
//! time of one message.

use std::path::{Path, PathBuf};

use super::{driven, name, numbers_of};
use crate::Outcome;

/// With which a program says how many messages it sends.
const MESSAGES: &str = "# messages: ";

/// Builds the optimised page, and prints the table.
pub fn compare(programs: &[PathBuf]) -> Outcome {
    if programs.is_empty() {
        return Ok(());
    }
    let text = driven("workers.mjs", &programs.iter().collect::<Vec<_>>())?;
    println!(
        "\nreal time in Chromium, processes in the lab's worker and in two of their own: medians, in ms, and how many times sooner"
    );
    for file in programs {
        let name = name(file);
        let [none, two, _, best] = numbers_of(&text, &name)?;
        println!("{name:>14} {none:>9.1} {two:>9.1} {:>6.2}", none / two.max(0.1));
        if let Some(messages) = messages(file)? {
            println!(
                "{:>14} a message {:.0} µs, at best {:.0} µs",
                "",
                two * 1e3 / messages,
                best * 1e3 / messages
            );
        }
    }
    Ok(())
}

/// How many messages a program says it sends.
fn messages(file: &Path) -> Outcome<Option<f64>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let Some(said) = text.lines().find_map(|line| line.strip_prefix(MESSAGES)) else {
        return Ok(None);
    };
    match said.parse() {
        Ok(number) if number >= 1.0 => Ok(Some(number)),
        _ => Err(format!("{}: `{said}` is no number of messages", file.display())),
    }
}
