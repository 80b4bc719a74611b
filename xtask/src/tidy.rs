//! `cargo xtask tidy`: the rules of the house (tests `tidy` and `arrows` of the package `heddle-tests`).

use crate::process::{cargo, run as run_command};
use crate::{Outcome, root};

pub fn run() -> Outcome {
    run_command(cargo(&root()).args([
        "test",
        "--quiet",
        "-p",
        "heddle-tests",
        "--test",
        "tidy",
        "--test",
        "arrows",
    ]))
}
