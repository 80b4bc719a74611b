//! `cargo xtask bench`: CPU time of `heddle run`, tracing on, over that of the installed CPython 3.13, measured in one run.
//!
//! The two take turns, so that both meet the same machine; each number is the median of its runs, user and system time of
//! the whole process, start-up included. Below 1 Heddle is faster. Differences under a tenth mean nothing (code layout).

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use heddle_tests::python;

use crate::process::{cargo, run as run_command};
use crate::{Outcome, page, root};

/// Runs of each program by each of the two.
const ROUNDS: usize = 5;

pub fn run(args: &[String]) -> Outcome {
    let root = root();
    let folder = root.join("tests/bench");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .map_err(|error| format!("tests/bench: {error}"))?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".py").map(str::to_string))
        .filter(|name| args.is_empty() || args.iter().any(|part| name.contains(part.as_str())))
        .collect();
    names.sort();
    if names.is_empty() {
        return Err("no program of tests/bench has such a name".into());
    }
    let cpython = python::cpython_3_13()?;
    let heddle = match std::env::var_os("HEDDLE_BIN") {
        Some(chosen) => chosen.into(),
        None => {
            run_command(cargo(&root).args(["build", "--profile", "dist", "-p", "heddle-cli"]))?;
            root.join("target/dist/heddle")
        }
    };
    let trace = root.join("target/bench.trace");
    println!("{:<14} {:>10} {:>10} {:>7}", "program", "CPython", "Heddle", "ratio");
    let mut ratios = Vec::new();
    for name in &names {
        let file = folder.join(format!("{name}.py"));
        let (mut theirs, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            theirs.push(cpu_seconds(&cpython, &[], &file)?);
            ours.push(cpu_seconds(
                &heddle,
                &["run", "--trace", &trace.to_string_lossy()],
                &file,
            )?);
        }
        let (theirs, ours) = (median(theirs), median(ours));
        let ratio = ours / theirs;
        println!("{name:<14} {:>8.0}ms {:>8.0}ms {ratio:>7.2}", theirs * 1e3, ours * 1e3);
        ratios.push(ratio);
    }
    let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
    println!("{:<14} {:>29.2}", "geometric mean", mean);
    sizes()
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

/// The wasm programs of the built page, as they are and as they travel.
fn sizes() -> Outcome {
    for (name, bytes) in page::wasm_files().unwrap_or_default() {
        match gzipped(&page::dist().join(&name)) {
            Some(packed) => println!("{name}: {} KiB, gzipped {} KiB", bytes / 1024, packed / 1024),
            None => println!("{name}: {} KiB", bytes / 1024),
        }
    }
    Ok(())
}

/// The size of the file after `gzip -9`, if there is a gzip.
fn gzipped(file: &Path) -> Option<u64> {
    let mut child = Command::new("gzip")
        .arg("-9c")
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut packed = Vec::new();
    child.stdout.take()?.read_to_end(&mut packed).ok()?;
    std::io::stdout().flush().ok()?;
    child
        .wait()
        .ok()
        .filter(|status| status.success())
        .map(|_| packed.len() as u64)
}
