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
        "\nreal time in Chromium with no worker for processes, with up to two, and with two at once: medians, in ms, and how many times sooner"
    );
    for file in programs {
        let name = name(file);
        let [none, two, apart, _, best_two, best_apart] = numbers_of(&text, &name)?;
        let sooner = |than: f64| none / than.max(0.1);
        println!(
            "{name:>14} {none:>9.1} {two:>9.1} {:>6.2} {apart:>9.1} {:>6.2}",
            sooner(two),
            sooner(apart)
        );
        if let Some(messages) = messages(file)? {
            let message = |ms: f64| ms * 1e3 / messages;
            println!(
                "{:>14} a message {:.0} µs, at best {:.0} µs; between workers {:.0} µs, at best {:.0} µs",
                "",
                message(two),
                message(best_two),
                message(apart),
                message(best_apart)
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
