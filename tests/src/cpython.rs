//! CPython's own test files under `heddle run -m unittest`: which ones, what they said, and which failures are expected.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One test file of CPython.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFile {
    /// Its name in the package `test` (`test_queue`, `test_unittest.test_case`).
    pub name: String,
    /// How many test methods it has under CPython itself (`cargo xtask cpython-tests --bless` counts); 0: not counted yet.
    pub methods: u32,
}

/// What a run of one file came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Test methods that ran; None: the run broke off before it was over.
    pub run: Option<u32>,
    pub skipped: u32,
    /// Failures that the test file itself expects.
    pub expected: u32,
    /// The ids of the methods that failed (`test_queue.QueueTest.test_basic`), each once however many of its subtests did.
    pub failed: BTreeSet<String>,
}

/// The folder of the lists.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cpython")
}

/// The files of `files.txt`: a name and a number of methods a line.
pub fn files() -> Result<Vec<TestFile>, String> {
    let file = folder().join("files.txt");
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    lines(&text).map(parse_file).collect()
}

fn parse_file(line: &str) -> Result<TestFile, String> {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default().to_owned();
    let methods = words.next().unwrap_or("0").parse();
    let methods = methods.map_err(|_| format!("files.txt: \"{line}\" does not end with a number"))?;
    Ok(TestFile { name, methods })
}

/// The expected failures of `expected.txt`: an id (`*` at its end stands for anything) and the reason.
pub fn expected() -> Result<BTreeMap<String, String>, String> {
    let file = folder().join("expected.txt");
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    lines(&text).map(parse_expected).collect()
}

fn parse_expected(line: &str) -> Result<(String, String), String> {
    match line.split_once(char::is_whitespace) {
        Some((id, reason)) if !reason.trim().is_empty() => Ok((id.to_owned(), reason.trim().to_owned())),
        _ => Err(format!("expected.txt: \"{line}\" gives no reason")),
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split(" #").next().unwrap_or("").trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Does an entry of `expected.txt` stand for this test?
pub fn matches(pattern: &str, id: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => id.starts_with(start),
        None => pattern == id,
    }
}

/// Reads what `unittest` wrote to stderr.
pub fn read_report(stderr: &str) -> Report {
    let mut report = Report::default();
    for line in stderr.lines() {
        let failure = line.strip_prefix("ERROR: ").or_else(|| line.strip_prefix("FAIL: "));
        if let Some(id) = failure.and_then(id_of) {
            report.failed.insert(id);
        } else if let Some(id) = line.strip_prefix("UNEXPECTED SUCCESS: ").and_then(id_of) {
            report.failed.insert(id);
        } else if let Some(rest) = line.strip_prefix("Ran ") {
            report.run = rest.split_whitespace().next().and_then(|n| n.parse().ok());
        } else if let Some(summary) = summary_of(line) {
            report.skipped = count(summary, "skipped=");
            report.expected = count(summary, "expected failures=");
        }
    }
    report
}

/// `test_basic (test.test_queue.QueueTest.test_basic) (i=1)`: the id without `test.`.
fn id_of(rest: &str) -> Option<String> {
    let inside = rest.split_once(" (")?.1;
    let id = inside.split_once(')')?.0;
    let named = !id.is_empty() && !id.contains(' ');
    // `setUpClass (test.test_x.Class)` fails for the whole class.
    let what = rest.split(' ').next()?;
    let id = id.strip_prefix("test.").unwrap_or(id);
    named.then(|| match what {
        "setUpClass" | "tearDownClass" | "setUpModule" | "tearDownModule" => format!("{id}.{what}"),
        _ => id.to_owned(),
    })
}

/// What stands in the parentheses of the last line: `OK (skipped=2)`, `FAILED (failures=1)`.
fn summary_of(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("OK").or_else(|| line.strip_prefix("FAILED"))?;
    match rest.strip_prefix(" (") {
        Some(inside) => inside.strip_suffix(')'),
        None => rest.is_empty().then_some(""),
    }
}

fn count(summary: &str, what: &str) -> u32 {
    let parts = summary.split(", ");
    let number = parts.filter_map(|part| part.strip_prefix(what)?.parse::<u32>().ok());
    number.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_unittest_says() {
        let said = "..F.E\n=====\nERROR: test_b (test.test_x.T.test_b) (i=1)\nERROR: test_b (test.test_x.T.test_b) (i=2)\n-----\n\
            FAIL: test_a (test.test_x.T.test_a)\nThe first line of its docstring\nERROR: setUpClass (test.test_x.U)\n-----\n\
            Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=3, skipped=2, expected failures=1)\n";
        let report = read_report(said);
        let failed: Vec<&str> = report.failed.iter().map(String::as_str).collect();
        assert_eq!(failed, ["test_x.T.test_a", "test_x.T.test_b", "test_x.U.setUpClass"]);
        assert_eq!((report.run, report.skipped, report.expected), (Some(12), 2, 1));
    }

    #[test]
    fn a_run_that_breaks_off_has_no_count() {
        assert_eq!(
            read_report("...\nheddle: the limit of memory is reached\n"),
            Report::default()
        );
        assert_eq!(read_report("Ran 3 tests in 0s\n\nOK\n").run, Some(3));
    }

    #[test]
    fn lists_are_well_formed() {
        let files = files().expect("files.txt can be read");
        assert!(files.len() > 50, "the files of the proof are listed");
        for (id, reason) in expected().expect("expected.txt can be read") {
            // `test_datetime` makes its classes from those of another module, whose name they keep.
            let from = if id.starts_with("datetimetester.") {
                "test_datetime"
            } else {
                &id
            };
            assert!(
                files.iter().any(|file| from.starts_with(&file.name)),
                "{id} ({reason}) belongs to no listed file"
            );
        }
    }

    #[test]
    fn patterns() {
        assert!(matches("test_x.T.*", "test_x.T.test_a"));
        assert!(!matches("test_x.T", "test_x.T.test_a"));
        assert!(matches("test_x.T.test_a", "test_x.T.test_a"));
        assert!(parse_expected("test_x.T.test_a").is_err());
    }
}
