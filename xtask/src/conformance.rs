//! `cargo xtask conformance`: runs the programs of `tests/conformance` under `heddle`, or blesses them from a real CPython.

use std::path::Path;
use std::process::Command;

use heddle_tests::conformance::{self, Expected};
use heddle_tests::{program, python};

use crate::process::{cargo, in_parallel, run as run_command};
use crate::{Outcome, root, setup};

/// CPython 3.14 as the npm package; installed into `target/tools` for blessing only.
const PYODIDE: &str = "314.0.7";

pub fn run(args: &[String]) -> Outcome {
    let (flags, wanted): (Vec<&String>, Vec<&String>) = args.iter().partition(|arg| arg.starts_with("--"));
    if let Some(flag) = flags.iter().find(|flag| *flag != &"--bless") {
        return Err(format!("`{flag}` is not an option of this chore"));
    }
    let names: Vec<String> = conformance::names()
        .into_iter()
        .filter(|name| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str())))
        .collect();
    if names.is_empty() {
        return Err("no program of tests/conformance has such a name".into());
    }
    if flags.is_empty() { check(&names) } else { bless(&names) }
}

fn check(names: &[String]) -> Outcome {
    if std::env::var_os("HEDDLE_BIN").is_none() && std::env::var_os("HEDDLE_RUN").is_none() {
        run_command(cargo(&root()).args(["build", "--quiet", "--release", "-p", "heddle-cli"]))?;
    }
    let failures: Vec<String> = in_parallel(names, |name| conformance::check(name).err())
        .into_iter()
        .flatten()
        .collect();
    for failure in &failures {
        println!("{failure}");
    }
    println!("{} passed, {} failed", names.len() - failures.len(), failures.len());
    if failures.is_empty() {
        Ok(())
    } else {
        Err("some programs differ from CPython".into())
    }
}

fn bless(names: &[String]) -> Outcome {
    let (newer, older): (Vec<String>, Vec<String>) =
        names.iter().cloned().partition(|name| conformance::needs_3_14(name));
    let mut errors = Vec::new();
    if !older.is_empty() {
        let cpython = python::cpython_3_13()?;
        let version = version_of(&cpython);
        // One after the other: outputs that depend on sleeps must not be disturbed by their neighbours.
        errors.extend(
            older
                .iter()
                .filter_map(|name| save(name, &version, python::run(&cpython, &conformance::source(name)))),
        );
    }
    if !newer.is_empty() {
        let script = pyodide()?;
        for name in &newer {
            let mut command = Command::new("node");
            command
                .arg(&script)
                .arg(conformance::source(name))
                .current_dir(root().join("target/tools/pyodide"));
            let said = program::run(&mut command, std::time::Duration::from_secs(60));
            errors.extend(save(name, &format!("3.14 (pyodide {PYODIDE})"), said));
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\n"))
    }
}

fn save(name: &str, version: &str, said: Result<program::Said, String>) -> Option<String> {
    let result = said.and_then(|said| Expected::from(&said).save(name, version));
    match result {
        Ok(true) => println!("{name}: written"),
        Ok(false) => (),
        Err(error) => return Some(error),
    }
    None
}

fn version_of(cpython: &Path) -> String {
    let line = crate::process::read(Command::new(cpython).arg("--version")).unwrap_or_default();
    line.trim_start_matches("Python ").to_string()
}

/// Installs Pyodide if need be; the script that runs a program in it as `python FILE` would.
fn pyodide() -> Outcome<std::path::PathBuf> {
    setup::node()?;
    let folder = root().join("target/tools/pyodide");
    if !folder.join("node_modules/pyodide").is_dir() {
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let package = format!("pyodide@{PYODIDE}");
        run_command(
            Command::new("npm")
                .args(["install", "--no-audit", "--no-fund", "--prefix", ".", &package])
                .current_dir(&folder),
        )?;
    }
    let script = folder.join("run.mjs");
    std::fs::copy(root().join("xtask/src/pyodide.mjs"), &script).map_err(|error| format!("pyodide.mjs: {error}"))?;
    Ok(script)
}
