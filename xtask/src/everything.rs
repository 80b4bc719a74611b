//! `cargo xtask test`: every check and every test, each thing compiled as few times as it can be.
//!
//! Order: formatting and clippy (which shares its results with `cargo check`), then the Rust tests (debug) with the conformance programs under one release build of `heddle`, then
//! the page once and the browser tests against it. A failing step does not hide what later steps have to say. The last line is
//! `N passed, N failed` over everything.

use std::path::Path;
use std::process::Command;

use crate::process::{cargo, on_path, read, run as run_command, watch};
use crate::{Outcome, page, root, setup};

/// Tests passed and failed; a check (formatting, lints) counts as one test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    fn one(success: bool) -> Count {
        Count {
            passed: u64::from(success),
            failed: u64::from(!success),
        }
    }
}

/// `cargo xtask test [FILTER …]`: with filters only the Rust and browser tests whose names contain one of them.
pub fn run(filters: &[String]) -> Outcome {
    if let Some(flag) = filters.iter().find(|arg| arg.starts_with('-')) {
        return Err(format!("`{flag}`: `cargo xtask test` takes only parts of test names"));
    }
    let root = root();
    let mut total = Count::default();
    let mut failed_steps = Vec::new();
    let mut step = |name: &str, work: &dyn Fn() -> Outcome<Count>| {
        println!("\n=== {name}");
        let count = work().unwrap_or_else(|sentence| {
            println!("{sentence}");
            Count { passed: 0, failed: 1 }
        });
        if count.failed > 0 {
            failed_steps.push(name.to_string());
        }
        total.add(count);
    };
    setup::wasm_target()?;
    if filters.is_empty() {
        step("formatting", &|| check(cargo(&root).args(["fmt", "--all", "--check"])));
        step("clippy", &|| clippy(&root, NATIVE));
        step("clippy, for the page", &|| clippy(&root, PAGE));
    }
    step("Rust tests", &|| rust_tests(&root, filters));
    if filters.is_empty() {
        step("extension for Sphinx", &|| check(&mut sphinx_tests(&root)?));
    }
    step("browser tests", &|| browser_tests(&root, filters));
    println!();
    if !failed_steps.is_empty() {
        println!("failed: {}", failed_steps.join(", "));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    // The count is the last line: the exit status says the rest.
    if total.failed == 0 {
        Ok(())
    } else {
        std::process::exit(1)
    }
}

/// What clippy looks at natively …
const NATIVE: &[&str] = &["--workspace", "--all-targets"];

/// … and for the page.
const PAGE: &[&str] = &[
    "-p",
    "heddle-web",
    "-p",
    "heddle-worker",
    "-p",
    "heddle-unpack",
    "--target",
    "wasm32-unknown-unknown",
];

/// `cargo xtask lint`: clippy without a warning, natively and for the page, as `test` does it too.
pub fn lint() -> Outcome {
    let root = root();
    setup::wasm_target()?;
    let native = clippy(&root, NATIVE)?;
    let page = clippy(&root, PAGE)?;
    if native.failed + page.failed == 0 {
        Ok(())
    } else {
        Err("clippy has something to say".into())
    }
}

fn check(command: &mut Command) -> Outcome<Count> {
    watch(command).map(|done| Count::one(done.success))
}

fn clippy(root: &Path, what: &[&str]) -> Outcome<Count> {
    check(
        cargo(root)
            .args(["clippy", "--quiet"])
            .args(what)
            .args(["--", "-D", "warnings"]),
    )
}

fn rust_tests(root: &Path, filters: &[String]) -> Outcome<Count> {
    let built = watch(cargo(root).args(["build", "--release", "-p", "heddle-cli"]))?;
    if !built.success {
        return Err("`heddle` does not build".into());
    }
    let heddle = root
        .join("target/release")
        .join(format!("heddle{}", std::env::consts::EXE_SUFFIX));
    let mut count = Count::default();
    if has_nextest(root) {
        let mut tests = cargo(root);
        tests.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass"]);
        tests
            .args(["--status-level=fail", "--final-status-level=fail"])
            .args(filters)
            .env("HEDDLE_BIN", &heddle);
        let done = watch(&mut tests)?;
        count.add(honest(count_nextest(&done.text), done.success));
        if filters.is_empty() {
            let done = watch(cargo(root).args(["test", "--doc", "--workspace", "--no-fail-fast", "--quiet"]))?;
            count.add(honest(count_libtest(&done.text), done.success));
        }
        return Ok(count);
    }
    // libtest takes several filters; `cargo test` passes on only what stands after `--`.
    let mut tests = cargo(root);
    tests
        .args(["test", "--workspace", "--no-fail-fast", "--", "--quiet"])
        .args(filters)
        .env("HEDDLE_BIN", &heddle);
    let done = watch(&mut tests)?;
    count.add(honest(count_libtest(&done.text), done.success));
    Ok(count)
}

fn has_nextest(root: &Path) -> bool {
    read(cargo(root).args(["nextest", "--version"])).is_some()
}

/// `cargo xtask sphinx`.
pub fn sphinx() -> Outcome {
    run_command(&mut sphinx_tests(&root())?)
}

fn sphinx_tests(root: &Path) -> Outcome<Command> {
    let mut tests = Command::new(setup::sphinx()?);
    tests
        .args(["-m", "unittest", "discover", "tests"])
        .current_dir(root.join("web/sphinx"));
    Ok(tests)
}

fn browser_tests(root: &Path, filters: &[String]) -> Outcome<Count> {
    let script = root.join("tests/e2e/run.mjs");
    if !script.is_file() {
        return Err("tests/e2e/run.mjs is missing".into());
    }
    setup::npm_packages()?;
    let chromium = setup::chromium()?;
    // One of them looks at a document that it builds.
    setup::sphinx()?;
    page::for_development("./")?;
    let node = on_path("node").ok_or("Node.js is missing")?;
    let mut tests = Command::new(node);
    tests
        .arg(&script)
        .args(filters)
        .current_dir(root)
        .env("HEDDLE_DIST", page::dist())
        .env("CHROME", chromium);
    tests.env("HEDDLE_BIN", root.join("target/release/heddle"));
    let done = watch(&mut tests)?;
    Ok(honest(count_summary(&done.text), done.success))
}

/// `cargo xtask browsers`: what hangs on the browser, in browsers beside Chromium. No part of `test`, which shall need none of them.
pub fn other_browsers(words: &[String]) -> Outcome {
    let root = root();
    setup::npm_folder(&root.join("tests/browsers"))?;
    run_command(cargo(&root).args(["build", "--release", "-p", "heddle-cli"]))?;
    page::for_development("./")?;
    let node = on_path("node").ok_or("Node.js is missing")?;
    let mut tests = Command::new(node);
    tests
        .arg(root.join("tests/browsers/run.mjs"))
        .args(words)
        .env("HEDDLE_DIST", page::dist())
        .env("HEDDLE_BIN", root.join("target/release/heddle"));
    run_command(&mut tests)
}

/// A run that failed without a failing test (it did not compile, it crashed) counts as one failure.
fn honest(count: Count, success: bool) -> Count {
    if success || count.failed > 0 {
        count
    } else {
        Count { failed: 1, ..count }
    }
}

/// The number before `word` in a line like `12 passed, 1 failed` or `12 passed; 1 failed`.
fn number_before(line: &str, word: &str) -> Option<u64> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words
        .iter()
        .position(|it| it.trim_end_matches([',', ';', ':', ')']) == word)?;
    words.get(at.checked_sub(1)?)?.trim_start_matches('(').parse().ok()
}

/// Adds up `test result: ok. 3 passed; 0 failed; …` lines.
fn count_libtest(text: &str) -> Count {
    let mut count = Count::default();
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        let of = |word| number_before(line, word).unwrap_or(0);
        count.add(Count {
            passed: of("passed"),
            failed: of("failed"),
        });
    }
    count
}

/// Reads nextest's `Summary [ 1.2s] 10 tests run: 8 passed (1 slow), 1 failed, 1 timed out, 0 skipped`.
fn count_nextest(text: &str) -> Count {
    let plain = without_colours(text);
    let Some(line) = plain
        .lines()
        .rfind(|line| line.contains("Summary [") && line.contains("run:"))
    else {
        return Count::default();
    };
    let passed = number_before(line, "passed").unwrap_or(0);
    // Time-outs and aborts are named in several ways: whatever ran and did not pass has failed.
    let ran = number_before(line, "tests")
        .or_else(|| number_before(line, "test"))
        .unwrap_or(passed);
    Count {
        passed,
        failed: ran.saturating_sub(passed),
    }
}

/// Reads the last `N passed, N failed`.
fn count_summary(text: &str) -> Count {
    let plain = without_colours(text);
    let mut lines = plain.lines().rev();
    lines
        .find_map(|line| {
            Some(Count {
                passed: number_before(line, "passed")?,
                failed: number_before(line, "failed")?,
            })
        })
        .unwrap_or_default()
}

fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            _ if inside => (),
            _ => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_as_they_are_printed() {
        let libtest =
            "test result: ok. 3 passed; 0 failed; 0 ignored\nx\ntest result: FAILED. 2 passed; 1 failed; 0 ignored\n";
        assert_eq!(count_libtest(libtest), Count { passed: 5, failed: 1 });
        let nextest = "     Summary [   0.5s] 10 tests run: 8 passed (1 slow), 1 failed, 1 timed out, 0 skipped\n";
        assert_eq!(count_nextest(nextest), Count { passed: 8, failed: 2 });
        let one = "\u{1b}[32m Summary\u{1b}[0m [ 0.0s] 1 test run: 1 passed, 9 skipped";
        assert_eq!(count_nextest(one), Count { passed: 1, failed: 0 });
        assert_eq!(
            count_summary("ok\n12 passed, 1 failed\n"),
            Count { passed: 12, failed: 1 }
        );
    }

    #[test]
    fn a_failure_without_a_failing_test_counts() {
        assert_eq!(
            honest(count_nextest("error: could not compile"), false),
            Count { passed: 0, failed: 1 }
        );
        assert_eq!(
            honest(Count { passed: 4, failed: 0 }, true),
            Count { passed: 4, failed: 0 }
        );
    }
}
