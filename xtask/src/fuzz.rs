//! `cargo xtask fuzz`: the targets of `tests/fuzz` under cargo-fuzz, where a nightly toolchain is installed.
//!
//! Built without sanitizers: nothing here is `unsafe`, and AddressSanitizer would cost a factor of two. The stack is as
//! small as a thread of a browser may have, an eighth of what the page's engine asks for: what recurses too deeply is found sooner.

use std::path::Path;
use std::process::Command;

use crate::process::{read, run as run_command};
use crate::{Outcome, root, setup, take_flag};

/// Each target, and where programs to begin with are.
const TARGETS: [(&str, Option<&str>); 3] = [
    ("source", Some("tests/conformance")),
    ("program", None),
    ("link", Some("tests/links/v2")),
];

/// Where the targets are compiled, beside what they find.
const BUILD: &str = "target/fuzz/build";

/// An eighth of the stack in wasm (`.cargo/config.toml`), KiB.
const STACK_KIB: u32 = 1024;

/// `cargo xtask fuzz [TARGET …] [--seconds N]`: each target for N seconds, 60 by default; 0 only builds.
pub fn run(args: &[String]) -> Outcome {
    let mut args = args.to_vec();
    let seconds = match take_flag(&mut args, "--seconds")? {
        Some(text) => text
            .parse::<u32>()
            .map_err(|_| format!("`--seconds {text}`: not a number of seconds"))?,
        None => 60,
    };
    let known = |name: &String| TARGETS.iter().any(|(target, _)| target == name);
    if let Some(unknown) = args.iter().find(|name| !known(name)) {
        return Err(format!(
            "there is no fuzz target `{unknown}`: there are source, program and link"
        ));
    }
    let root = root();
    if read(cargo_nightly(&root).arg("--version")).is_none() {
        return Err(
            "fuzzing needs nightly Rust, which is not installed: `rustup toolchain install nightly` \
             (`cargo nextest run -p heddle-tests --test fuzz` runs programs made by chance on stable Rust)"
                .into(),
        );
    }
    setup::cargo_fuzz()?;
    let chosen = TARGETS
        .iter()
        .filter(|(target, _)| args.is_empty() || args.iter().any(|name| name == target));
    chosen
        .into_iter()
        .try_for_each(|(target, seeds)| fuzz(&root, target, *seeds, seconds))
}

fn fuzz(root: &Path, target: &str, seeds: Option<&str>, seconds: u32) -> Outcome {
    let mut build = cargo_nightly(root);
    build.args([
        "fuzz",
        "build",
        "--fuzz-dir",
        "tests/fuzz",
        "--target-dir",
        BUILD,
        "--sanitizer",
        "none",
        target,
    ]);
    build.env("PATH", setup::path_with_tools()?);
    run_command(&mut build)?;
    if seconds == 0 {
        return Ok(());
    }
    let found = root.join("target/fuzz").join(target);
    let corpus = found.join("corpus");
    std::fs::create_dir_all(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
    // A shell sets the stack's size for the fuzzer alone.
    let mut fuzzer = Command::new("sh");
    fuzzer.args([
        "-c",
        &format!("ulimit -s {STACK_KIB}; exec \"$@\""),
        "sh",
        "cargo",
        "+nightly",
    ]);
    fuzzer.args([
        "fuzz",
        "run",
        "--fuzz-dir",
        "tests/fuzz",
        "--target-dir",
        BUILD,
        "--sanitizer",
        "none",
        target,
    ]);
    fuzzer.arg(&corpus).args(seeds).arg("--");
    fuzzer.arg(format!("-max_total_time={seconds}"));
    fuzzer.arg(format!("-artifact_prefix={}/", found.display()));
    fuzzer.args([
        "-max_len=4096",
        "-timeout=20",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
    ]);
    fuzzer
        .current_dir(root)
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("PATH", setup::path_with_tools()?);
    run_command(&mut fuzzer)
}

/// Nightly's cargo, through rustup's: the toolchain that runs us is another one.
fn cargo_nightly(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command
        .arg("+nightly")
        .current_dir(root)
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO");
    command
}
