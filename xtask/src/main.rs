//! The one door for chores: `cargo xtask <chore>`.
//!
//! Every chore does its own set-up first (see `setup`), so a fresh clone needs nothing but Rust and Node.js.
//! Chores report failures as one sentence on stderr and exit with 1.

#![allow(
    clippy::disallowed_methods,
    reason = "chores live in the real world: they serve, wait and measure"
)]

mod bench;
mod conformance;
mod cpython_tests;
mod everything;
mod fuzz;
mod gallery;
mod page;
mod process;
mod server;
mod setup;
mod stamp;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

/// What a chore gives back: nothing, or the sentence that says what went wrong.
pub type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask serve [--port N] [--public-url URL] [--base PATH]   build the page and serve it (127.0.0.1:8080)
cargo xtask build [--public-url URL]                            the page for users, optimised, in web/dist
cargo xtask test [FILTER …]                                     every check and test, or those that match
cargo xtask browsers [WORD …]                                   the page in Firefox and WebKitGTK, as far as they are installed
cargo xtask sphinx                                              the extension for Sphinx, tested with a real build
cargo xtask bench [--native | --browser] [NAME …]               times against CPython 3.13, and in Chromium against Pyodide
cargo xtask conformance [--bless] [NAME …]                      programs against real CPython's output
cargo xtask cpython-tests [--bless | --failures] [FILE …]       CPython's own tests against tests/cpython/expected.txt
cargo xtask fuzz [TARGET …] [--seconds N]                       programs made by chance under cargo-fuzz, with nightly Rust
cargo xtask gallery [NAME …]                                    what the gallery's programs say and their pictures, written anew
cargo xtask lint                                                clippy, natively and for the page
cargo xtask tidy                                                the rules of the house, as far as a program can read them";

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if args.is_empty() {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    let chore = args.remove(0);
    let outcome = match chore.as_str() {
        "serve" => page::serve(&args),
        "build" => page::build_for_users(&args),
        "test" => everything::run(&args),
        "browsers" => everything::other_browsers(&args),
        "sphinx" => everything::sphinx(),
        "bench" => bench::run(&args),
        "conformance" => conformance::run(&args),
        "cpython-tests" => cpython_tests::run(&args),
        "fuzz" => fuzz::run(&args),
        "gallery" => gallery::run(&args),
        "lint" => everything::lint(),
        "tidy" => tidy::run(),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("there is no chore `{other}`\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root folder.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}

/// The value after `flag` in `args`, removed together with it.
pub fn take_flag(args: &mut Vec<String>, flag: &str) -> Outcome<Option<String>> {
    let Some(at) = args.iter().position(|arg| arg == flag) else {
        return Ok(None);
    };
    args.remove(at);
    if at < args.len() {
        Ok(Some(args.remove(at)))
    } else {
        Err(format!("`{flag}` needs a value"))
    }
}
