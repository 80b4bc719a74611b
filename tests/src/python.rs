//! The real Pythons that write the expected outputs: an installed CPython 3.13, and 3.14 as the npm package `pyodide`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::program::{self, Said};

/// Longer than any program of ours takes under a real Python, whose sleeps are real.
const LIMIT: Duration = Duration::from_secs(60);

/// The installed CPython 3.13: `PYTHON313`, `python3.13` on PATH, or pyenv's.
pub fn cpython_3_13() -> Result<PathBuf, String> {
    if let Some(chosen) = std::env::var_os("PYTHON313") {
        return Ok(PathBuf::from(chosen));
    }
    let pyenv = Command::new("pyenv").args(["prefix", "3.13.0"]).output().ok();
    let prefix = pyenv.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string());
    let candidates = prefix
        .filter(|prefix| !prefix.is_empty())
        .map(|prefix| Path::new(&prefix).join("bin/python3.13"))
        .into_iter()
        .chain([PathBuf::from("python3.13")]);
    for candidate in candidates {
        let version = Command::new(&candidate).arg("--version").output();
        if version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("Python 3.13.")) {
            return Ok(candidate);
        }
    }
    Err("there is no CPython 3.13: install it (`pyenv install 3.13.0`), or set PYTHON313 to one".into())
}

/// Runs `file` under `python` as a person would in the file's folder, with nothing of the environment that changes results.
pub fn run(python: &Path, file: &Path) -> Result<Said, String> {
    let mut command = Command::new(python);
    for name in [
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONWARNINGS",
        "PYTHONHASHSEED",
        "PYTHONUNBUFFERED",
        "FORCE_COLOR",
    ] {
        command.env_remove(name);
    }
    command
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1")
        .env("NO_COLOR", "1");
    if let (Some(folder), Some(name)) = (file.parent(), file.file_name()) {
        command.current_dir(folder).arg(name);
    }
    program::run(&mut command, LIMIT)
}
