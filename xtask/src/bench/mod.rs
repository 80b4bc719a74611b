//! `cargo xtask bench`: CPU time of `heddle run`, tracing on, over that of the installed CPython 3.13; the same programs in
//! Chromium by the page and by Pyodide (`browser.rs`), programs of several processes with and without workers for them (`workers.rs`); how
//! long a moment of a long run takes to be shown (`moments.rs`); the sizes of what a browser loads (`sizes.rs`). All in one run.
//!
//! Natively the two take turns, so that both meet the same machine; each number is the median of its runs, user and system
//! time of the whole process, start-up included. Below 1 Heddle is faster. Differences under a tenth mean nothing (code layout).

mod browser;
mod moments;
mod sizes;
mod workers;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use heddle_tests::python;

use crate::process::{cargo, on_path, run as run_command, watch};
use crate::{Outcome, page, root, setup};

/// Runs of each program by each of the two.
const ROUNDS: usize = 5;

/// `cargo xtask bench [--native | --browser] [NAME …]`.
pub fn run(args: &[String]) -> Outcome {
    let mut words = args.to_vec();
    let mut only = |flag: &str| {
        let before = words.len();
        words.retain(|word| word != flag);
        words.len() < before
    };
    let (native, in_browser) = (only("--native"), only("--browser"));
    let (natively_too, browser_too) = (native || !in_browser, in_browser || !native);
    let single = programs("tests/bench", &words)?;
    let several = if browser_too {
        programs("tests/bench/processes", &words)?
    } else {
        Vec::new()
    };
    let long = if browser_too {
        programs("tests/bench/moments", &words)?
    } else {
        Vec::new()
    };
    if single.is_empty() && several.is_empty() && long.is_empty() {
        return Err("no program of tests/bench that would be run has such a name".into());
    }
    if natively_too && !single.is_empty() {
        natively(&single)?;
    }
    if browser_too {
        browser::compare(&single)?;
        workers::compare(&several)?;
        moments::tell(&long)?;
        sizes::tell();
    }
    Ok(())
}

/// The programs of a folder whose names hold one of the words; all of them if there are no words.
fn programs(folder: &str, words: &[String]) -> Outcome<Vec<PathBuf>> {
    let entries = std::fs::read_dir(root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "py"))
        .filter(|file| words.is_empty() || words.iter().any(|word| name(file).contains(word.as_str())))
        .collect();
    files.sort();
    Ok(files)
}

/// What a script of `tests/bench/browser` writes about these programs, in a Chromium and with the optimised page, which is built now.
fn driven(script: &str, programs: &[&PathBuf]) -> Outcome<String> {
    let folder = root().join("tests/bench/browser");
    setup::npm_folder(&folder)?;
    let chromium = setup::chromium()?;
    page::for_users("./")?;
    let node = on_path("node").ok_or("Node.js is missing")?;
    let mut driver = Command::new(node);
    driver
        .arg(folder.join(script))
        .arg(page::dist())
        .args(programs)
        .env("CHROME", chromium);
    let done = watch(&mut driver)?;
    if !done.success {
        return Err("the programs could not be run in the browser".into());
    }
    Ok(done.text)
}

/// The numbers behind a program's name in what a driver has written: exactly so many.
fn numbers_of<const N: usize>(text: &str, name: &str) -> Outcome<[f64; N]> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .ok_or(format!("{name} was not measured"))?;
    let numbers: Option<Vec<f64>> = line.split(' ').map(|word| word.parse().ok()).collect();
    numbers
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or(format!("these are not {N} numbers of {name}: {line}"))
}

/// A program's name: its file's, without `.py`.
fn name(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn natively(programs: &[PathBuf]) -> Outcome {
    let root = root();
    let cpython = python::cpython_3_13()?;
    let heddle = match std::env::var_os("HEDDLE_BIN") {
        Some(chosen) => chosen.into(),
        None => {
            run_command(cargo(&root).args(["build", "--profile", "dist", "-p", "heddle-cli"]))?;
            root.join("target/dist/heddle")
        }
    };
    let trace = root.join("target/bench.trace");
    println!("CPU time natively, tracing on");
    let mut table = Table::new("CPython");
    for file in programs {
        let (mut theirs, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            theirs.push(cpu_seconds(&cpython, &[], file)?);
            let traced = ["run", "--trace", &trace.to_string_lossy()];
            ours.push(cpu_seconds(&heddle, &traced, file)?);
        }
        table.row(&name(file), median(theirs) * 1e3, median(ours) * 1e3);
    }
    table.mean();
    Ok(())
}

/// A table of times and ratios as it grows.
struct Table {
    ratios: Vec<f64>,
}

impl Table {
    fn new(other: &str) -> Table {
        println!("{:<14} {other:>10} {:>10} {:>7}", "program", "Heddle", "ratio");
        Table { ratios: Vec::new() }
    }

    /// Prints a program's line; times in ms.
    fn row(&mut self, name: &str, theirs: f64, ours: f64) {
        let ratio = ours / theirs;
        println!("{name:<14} {theirs:>8.0}ms {ours:>8.0}ms {ratio:>7.2}");
        self.ratios.push(ratio);
    }

    /// Prints the last line, with the greatest ratio too: one slow program hides in a mean.
    fn mean(self) {
        let logarithms: f64 = self.ratios.iter().map(|ratio| ratio.ln()).sum();
        let mean = (logarithms / self.ratios.len() as f64).exp();
        let worst = self.ratios.iter().copied().fold(f64::NAN, f64::max);
        println!("{:<14} {mean:>29.2}   greatest {worst:.2}\n", "geometric mean");
    }
}

/// User plus system time of `program … file`, in seconds, as bash's `time` sees it.
fn cpu_seconds(program: &Path, args: &[&str], file: &Path) -> Outcome<f64> {
    const SCRIPT: &str = r#"TIMEFORMAT='%3U %3S'; time "$@" >/dev/null"#;
    let output = Command::new("bash")
        .args(["-c", SCRIPT, "bash"])
        .arg(program)
        .args(args)
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("bash: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let (line, said) = text
        .trim_end()
        .rsplit_once('\n')
        .map_or((text.trim_end(), ""), |(said, line)| (line, said));
    if !output.status.success() {
        return Err(format!(
            "{} {}: {}\n{said}",
            program.display(),
            file.display(),
            output.status
        ));
    }
    let numbers: Option<Vec<f64>> = line.split_whitespace().map(|number| number.parse().ok()).collect();
    numbers
        .filter(|numbers| numbers.len() == 2)
        .map(|numbers| numbers.iter().sum())
        .ok_or(format!("no times in: {text}"))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_choose_among_the_programs_of_a_folder() {
        let found = |folder: &str| programs(folder, &["two_counts".to_owned()]).map(|files| files.len());
        assert_eq!(found("tests/bench"), Ok(0));
        assert_eq!(found("tests/bench/processes"), Ok(1));
    }

    #[test]
    fn what_a_driver_wrote_is_read_whole_or_refused() {
        let text = "a warning\nfib_two 1 2\nfib 37.5 110\nbad 1 stopped\n";
        assert_eq!(numbers_of(text, "fib"), Ok([37.5, 110.0]));
        assert!(numbers_of::<3>(text, "fib").is_err());
        assert!(numbers_of::<2>(text, "bad").is_err());
        assert!(numbers_of::<2>(text, "absent").is_err());
    }
}
