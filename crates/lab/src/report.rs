//! The report of a deadlock as text, with source lines.

use heddle_machine::DeadlockReport;
use heddle_vm::contract::Place;
use std::fmt::Write;

/// Where CPython's library stands in the simulated computer.
const LIBRARY: &str = "/usr/lib/python3.14/";

/// The report with the stacks' library frames left out, unless a thread has no others.
pub(crate) fn without_library(report: &DeadlockReport) -> DeadlockReport {
    let mut report = report.clone();
    for thread in &mut report.threads {
        let own = |place: &Place| !place.file.starts_with(LIBRARY);
        if thread.stack.iter().any(own) {
            thread.stack.retain(own);
        }
    }
    report
}

/// Every thread, what it waits for, who holds that, and where it stands. `source` gives a file's line.
#[must_use]
pub fn describe_deadlock(report: &DeadlockReport, source: impl Fn(&str, u32) -> Option<String>) -> String {
    let mut text = String::from("Deadlock: no thread can ever go on.\n");
    for thread in &report.threads {
        let daemon = if thread.daemon { " (daemon)" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{}{daemon}", thread.sentence());
        for place in thread.stack.iter().rev() {
            describe_place(&mut text, place, &source);
        }
    }
    text
}

fn describe_place(text: &mut String, place: &Place, source: &impl Fn(&str, u32) -> Option<String>) {
    let _ = writeln!(
        text,
        "  File \"{}\", line {}, in {}",
        place.file, place.line, place.function
    );
    if let Some(line) = source(&place.file, place.line)
        && !line.trim().is_empty()
    {
        let _ = writeln!(text, "    {}", line.trim());
    }
}
