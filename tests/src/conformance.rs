//! Programs that run unchanged under CPython, with what CPython said beside them.
//!
//! `NAME.py` has a `NAME.expected`: a few `key value` lines (`python`, `exit`, `stderr`: its last line), then a line `stdout`
//! and all of stdout, to the byte. `cargo xtask conformance --bless` writes it, nobody else. A program whose first line is
//! `# needs: 3.14` is blessed from CPython 3.14 (the npm package `pyodide`), all others from an installed CPython 3.13.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use crate::program::{self, Said};

/// The marker of a program that shows what is new in 3.14.
pub const NEEDS_3_14: &str = "# needs: 3.14";

/// Virtual time makes sleeps free: a program that runs longer than this is stuck.
const LIMIT: Duration = Duration::from_secs(60);

/// The folder with the programs.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

/// The programs' names, sorted.
pub fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".py").map(str::to_string))
        .collect();
    names.sort();
    names
}

/// The file of program `name`.
pub fn source(name: &str) -> PathBuf {
    folder().join(format!("{name}.py"))
}

/// Whether the program is about something that CPython 3.13 does not have.
pub fn needs_3_14(name: &str) -> bool {
    fs::read_to_string(source(name)).is_ok_and(|text| text.lines().next() == Some(NEEDS_3_14))
}

/// What is compared of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub exit: i32,
    /// The last line of stderr.
    pub stderr: String,
    pub stdout: String,
}

impl From<&Said> for Expected {
    fn from(said: &Said) -> Expected {
        Expected {
            exit: said.exit,
            stderr: said.last_error().to_string(),
            stdout: said.stdout.clone(),
        }
    }
}

impl Expected {
    /// Reads the file beside program `name`.
    pub fn load(name: &str) -> Result<Expected, String> {
        let file = folder().join(format!("{name}.expected"));
        let text = fs::read_to_string(&file).map_err(|error| {
            format!("{name}.expected: {error} (`cargo xtask conformance --bless {name}` writes it)")
        })?;
        Expected::parse(&text).ok_or(format!("{name}.expected is damaged: bless it again"))
    }

    fn parse(text: &str) -> Option<Expected> {
        let (head, stdout) = text.split_once("\nstdout\n")?;
        let value = |key: &str| head.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        let stderr = value("stderr").unwrap_or("").to_string();
        Some(Expected {
            exit: value("exit")?.parse().ok()?,
            stderr,
            stdout: stdout.to_string(),
        })
    }

    /// The text of the file, naming the `python` that said so.
    pub fn to_text(&self, python: &str) -> String {
        let stderr = if self.stderr.is_empty() {
            String::new()
        } else {
            format!("stderr {}\n", self.stderr)
        };
        format!("python {python}\nexit {}\n{stderr}stdout\n{}", self.exit, self.stdout)
    }

    /// Writes the file beside program `name`; whether that changed it.
    pub fn save(&self, name: &str, python: &str) -> Result<bool, String> {
        let file = folder().join(format!("{name}.expected"));
        if Expected::load(name).as_ref() == Ok(self) {
            return Ok(false);
        }
        fs::write(&file, self.to_text(python)).map_err(|error| format!("{name}.expected: {error}"))?;
        Ok(true)
    }
}

/// Runs program `name` under `heddle` (or, with `HEDDLE_RUN` set, under that command) and says how it differs from CPython.
pub fn check(name: &str) -> Result<(), String> {
    let expected = Expected::load(name)?;
    let mut command = match env::var("HEDDLE_RUN") {
        Ok(words) => {
            let mut words = words.split_whitespace();
            let mut command = Command::new(words.next().unwrap_or("false"));
            command.args(words);
            command
        }
        Err(_) => {
            let mut command = Command::new(program::heddle()?);
            command.arg("run");
            command
        }
    };
    command.current_dir(folder()).arg(format!("{name}.py"));
    let said = program::run(&mut command, LIMIT)?;
    let got = Expected::from(&said);
    if got == expected {
        Ok(())
    } else {
        Err(difference(name, &expected, &got, &said))
    }
}

fn difference(name: &str, expected: &Expected, got: &Expected, said: &Said) -> String {
    let mut text = format!("{name}.py differs from CPython\n");
    if expected.exit != got.exit {
        let _ = writeln!(text, "exit status: expected {}, got {}", expected.exit, got.exit);
    }
    if expected.stderr != got.stderr {
        let _ = writeln!(
            text,
            "last line of stderr:\n  - {}\n  + {}",
            expected.stderr, got.stderr
        );
    }
    if expected.stdout != got.stdout {
        text.push_str(&first_difference(&expected.stdout, &got.stdout));
    }
    let lines: Vec<&str> = said.stderr.lines().collect();
    if !lines.is_empty() {
        let tail = lines.len().saturating_sub(12);
        let _ = writeln!(
            text,
            "end of stderr:\n  {}",
            lines.get(tail..).unwrap_or_default().join("\n  ")
        );
    }
    text
}

/// The first differing lines of two texts, with the lines before them: what follows is mostly a consequence.
fn first_difference(expected: &str, got: &str) -> String {
    const BEFORE: usize = 2;
    const AFTER: usize = 4;
    let (wanted, found): (Vec<&str>, Vec<&str>) = (
        expected.split_inclusive('\n').collect(),
        got.split_inclusive('\n').collect(),
    );
    let at = wanted
        .iter()
        .zip(&found)
        .take_while(|(left, right)| left == right)
        .count();
    let mut text = format!("stdout differs from line {} on (- CPython, + Heddle):\n", at + 1);
    let mut put = |mark: char, lines: &[&str], from: usize, to: usize| {
        for line in lines.iter().take(to).skip(from) {
            let _ = writeln!(text, "  {mark} {}", line.trim_end_matches('\n'));
            if !line.ends_with('\n') {
                text.push_str("    (no newline)\n");
            }
        }
    };
    put(' ', &wanted, at.saturating_sub(BEFORE), at);
    put('-', &wanted, at, at + AFTER);
    put('+', &found, at, at + AFTER);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_what_is_loaded() {
        for stdout in ["", "one\n", "stdout\nexit 3\n\nstdout\n", "no newline"] {
            for stderr in ["", "ValueError: 3"] {
                let expected = Expected {
                    exit: 1,
                    stderr: stderr.into(),
                    stdout: stdout.into(),
                };
                assert_eq!(Expected::parse(&expected.to_text("3.13.0")), Some(expected));
            }
        }
    }

    #[test]
    fn a_difference_shows_the_first_differing_line() {
        let text = first_difference("a\nb\nc\n", "a\nb\nx\n");
        assert!(
            text.contains("line 3") && text.contains("- c") && text.contains("+ x"),
            "{text}"
        );
        assert!(first_difference("a\n", "a").contains("no newline"));
    }

    #[test]
    fn every_program_has_its_output() {
        let missing: Vec<String> = names()
            .into_iter()
            .filter(|name| Expected::load(name).is_err())
            .collect();
        assert!(missing.is_empty(), "not blessed: {missing:?}");
        assert!(names().len() >= 80, "only {} programs", names().len());
    }
}
