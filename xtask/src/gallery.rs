//! `cargo xtask gallery`: runs the gallery's programs, and writes what each says and the small picture of its run.

use std::process::Command;

use crate::process::{cargo, run as run_command};
use crate::{Outcome, root};

/// `cargo xtask gallery [NAME …]`: all programs, or these.
pub fn run(args: &[String]) -> Outcome {
    let mut test: Command = cargo(&root());
    test.args([
        "nextest",
        "run",
        "--release",
        "-p",
        "heddle-tests",
        "--test",
        "gallery",
        "--no-fail-fast",
    ]);
    test.args(args).env("HEDDLE_BLESS", "1");
    run_command(&mut test)?;
    println!("now read what has changed: git diff tests/suite/gallery web/gallery/thumbs");
    Ok(())
}
