//! `cargo xtask cpython-tests`: CPython's own test files, from an installed CPython 3.13, under `heddle run -m unittest`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use heddle_tests::cpython::{self, Report, TestFile};
use heddle_tests::{program, python};

use crate::process::{cargo, in_parallel, run as run_command};
use crate::{Outcome, root};

/// Longest real time for one file.
const LIMIT: Duration = Duration::from_secs(1800);

pub fn run(args: &[String]) -> Outcome {
    let (flags, wanted): (Vec<&String>, Vec<&String>) = args.iter().partition(|arg| arg.starts_with("--"));
    if let Some(flag) = flags
        .iter()
        .find(|flag| !matches!(flag.as_str(), "--bless" | "--failures"))
    {
        return Err(format!("`{flag}` is not an option of this chore"));
    }
    let has = |name: &str| flags.iter().any(|flag| *flag == name);
    let mut files = cpython::files()?;
    let real = python::cpython_3_13()?;
    if has("--bless") {
        return bless(&real, files);
    }
    files.retain(|file| wanted.is_empty() || wanted.iter().any(|name| **name == file.name));
    if files.is_empty() {
        return Err("tests/cpython/files.txt lists no such file".into());
    }
    if std::env::var_os("HEDDLE_BIN").is_none() {
        run_command(cargo(&root()).args(["build", "--quiet", "--release", "-p", "heddle-cli"]))?;
    }
    let heddle = program::heddle()?;
    let folder = adapted(&test_folder(&real)?)?;
    let reports = in_parallel(&files, |file| {
        let report = run_file(&heddle, &folder, &file.name);
        eprintln!("{}: {}", file.name, in_words(&report));
        report
    });
    let expected = cpython::expected()?;
    judge(&files, &reports, &expected, has("--failures"), wanted.is_empty())
}

/// The installed CPython's package `test`.
fn test_folder(real: &Path) -> Outcome<PathBuf> {
    let show = "import os, test; print(os.path.dirname(test.__file__))";
    let folder = crate::process::read(Command::new(real).args(["-c", show]))
        .ok_or("this CPython comes without its package `test`")?;
    Ok(PathBuf::from(folder.trim()))
}

/// Test files that Python 3.14, whose language and library these are, cannot run as 3.13 has them: the file, and what becomes of some of its
/// lines (a line that begins with the first text becomes the second).
const CHANGED: &[(&str, &[(&str, &str)])] = &[
    // Modules and classes have no `__annotations__` while their bodies run.
    ("typinganndata/ann_module.py", &[("__annotations__[", "")]),
    // The Python part of `warnings` is a module of its own.
    (
        "test_warnings/__init__.py",
        &[
            (
                "blocked=['_warnings'])",
                "blocked=['_warnings'], fresh=['_py_warnings'])",
            ),
            ("fresh=['_warnings'])", "fresh=['_warnings', '_py_warnings'])"),
        ],
    ),
    // 3.13 has `test` in its library; here children find it in the current folder, which isolated ones (-I) do not look at.
    (
        "support/script_helper.py",
        &[(
            "__cached_interp_requires_environment = None",
            "__cached_interp_requires_environment = True",
        )],
    ),
    // Policies have no child watchers any more; which one is used is the loop's business.
    (
        "test_asyncio/utils.py",
        &[("policy = support.maybe_get_event_loop_policy()", "policy = None")],
    ),
    (
        "test_asyncio/test_events.py",
        &[
            ("watcher = asyncio.SafeChildWatcher()", "pass"),
            ("watcher.attach_loop(self.loop)", "pass"),
            ("asyncio.set_child_watcher(", "pass"),
            // A task of C asks for the running loop in C, which these tests replace by Python's: it would wait for ever. 3.14 has other tests.
            (
                "class TestPyGetEventLoop(",
                "@unittest.skip('for 3.13')\nclass TestPyGetEventLoop(GetEventLoopTestsMixin, unittest.TestCase):",
            ),
            // There are no terminals; the tests that need one are skipped.
            ("import tty", "pass"),
        ],
    ),
    (
        "test_asyncio/test_streams.py",
        &[
            ("watcher = asyncio.SafeChildWatcher()", "pass"),
            ("watcher.attach_loop(self.loop)", "pass"),
            ("asyncio.set_child_watcher(", "pass"),
        ],
    ),
    // The event loop of Windows is not packed; what is asked is whether a loop is of its kind.
    (
        "test_asyncio/test_sock_lowlevel.py",
        &[(
            "from asyncio import proactor_events",
            "import types; proactor_events = types.SimpleNamespace(BaseProactorEventLoop=type(None))",
        )],
    ),
    // `Runner.run` takes any awaitable: this one is never done, and the mocked selector waits no time, until memory is used up.
    (
        "test_asyncio/test_runners.py",
        &[("runner.run(fut)", "self.fail('3.14 would wait')")],
    ),
    // `TracebackException.format` is asked for colours.
    (
        "test_unittest/test_result.py",
        &[("def format(self):", "def format(self, **kwargs):")],
    ),
];

/// The package `test` with the files of [`CHANGED`] replaced: a folder of symlinks.
fn adapted(real: &Path) -> Outcome<PathBuf> {
    let folder = root().join("target/cpython-tests/test");
    let told = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| format!("{path}: {error}")
    };
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(told(&folder))?;
    }
    let mut changed: BTreeMap<&str, Vec<&str>> = BTreeMap::from([("", Vec::new())]);
    for (inner, name) in CHANGED.iter().filter_map(|(file, _)| file.split_once('/')) {
        changed.entry("").or_default().push(inner);
        changed.entry(inner).or_default().push(name);
    }
    for (inner, except) in changed {
        let (from, to) = (real.join(inner), folder.join(inner));
        std::fs::create_dir_all(&to).map_err(told(&to))?;
        for entry in std::fs::read_dir(&from).map_err(told(&from))?.flatten() {
            if !except.iter().any(|name| entry.file_name() == *name) {
                link(&entry.path(), &to.join(entry.file_name())).map_err(told(&to))?;
            }
        }
    }
    for (file, changes) in CHANGED {
        let source = real.join(file);
        let text = std::fs::read_to_string(&source).map_err(told(&source))?;
        let change = |line: &str| {
            let code = line.trim_start();
            let found = changes.iter().find(|(old, _)| code.starts_with(old));
            found.map_or_else(
                || line.to_owned(),
                |(_, new)| format!("{}{new}", &line[..line.len() - code.len()]),
            )
        };
        let text: Vec<String> = text.lines().map(change).collect();
        std::fs::write(folder.join(file), text.join("\n") + "\n").map_err(told(&folder))?;
    }
    Ok(folder)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::Error::new(
        std::io::ErrorKind::Unsupported,
        "this chore needs symlinks",
    ))
}

/// The zone database, which tests of `datetime` read where there is one.
const ZONES: &str = "/usr/share/zoneinfo";

fn run_file(heddle: &Path, folder: &Path, name: &str) -> Report {
    let mut command = Command::new(heddle);
    command
        .args([
            "run",
            "--max-time",
            "360000s",
            "--max-memory",
            "2GiB",
            "--max-output",
            "64MiB",
            "--mount",
        ])
        .arg(format!("{}:/lab", cpython::folder().join("stand_ins").display()))
        .arg("--mount")
        .arg(format!("{}:/lab/test", folder.display()));
    if Path::new(ZONES).is_dir() {
        command.arg("--mount").arg(format!("{ZONES}:{ZONES}"));
    }
    command.args(["-m", "unittest", &format!("test.{name}")]);
    match program::run(&mut command, LIMIT) {
        Ok(said) => cpython::read_report(&said.stderr),
        Err(_) => Report::default(),
    }
}

fn in_words(report: &Report) -> String {
    match report.run {
        Some(run) => format!("{run} run, {} failed", report.failed.len()),
        None => "broke off".to_owned(),
    }
}

/// Prints the table; fails when a test failed that is not expected to.
fn judge(
    files: &[TestFile],
    reports: &[Report],
    expected: &BTreeMap<String, String>,
    list: bool,
    whole: bool,
) -> Outcome {
    let mut table = format!(
        "{:<32}{:>9}{:>9}{:>9}{:>9}{:>9}\n",
        "file", "methods", "passed", "failed", "skipped", "expected"
    );
    let mut total = [0_u32; 5];
    let mut surprises = Vec::new();
    for (file, report) in files.iter().zip(reports) {
        let known = |id: &String| expected.keys().any(|pattern| cpython::matches(pattern, id));
        let (awaited, new): (Vec<&String>, Vec<&String>) = report.failed.iter().partition(|id| known(id));
        // A run that breaks off has lost all its methods; a class that cannot be set up loses its own.
        let methods = report.run.unwrap_or(0).max(file.methods);
        let run = report.run.unwrap_or(0);
        let bad = report.failed.len() as u32;
        let passed = run.saturating_sub(bad + report.skipped);
        let failed = methods.saturating_sub(passed + report.skipped + awaited.len() as u32);
        let row = [methods, passed, failed, report.skipped, awaited.len() as u32];
        let _ = writeln!(
            table,
            "{:<32}{:>9}{:>9}{:>9}{:>9}{:>9}",
            file.name, row[0], row[1], row[2], row[3], row[4]
        );
        for (sum, n) in total.iter_mut().zip(row) {
            *sum += n;
        }
        surprises.extend(new.into_iter().cloned());
        let whole_file = file.name.clone();
        if report.run.is_none() && !known(&whole_file) {
            surprises.push(whole_file);
        }
    }
    let _ = writeln!(
        table,
        "{:<32}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "all", total[0], total[1], total[2], total[3], total[4]
    );
    print!("{table}");
    let counted = total[0] - total[3];
    println!(
        "{:.1} % of the methods that CPython does not skip pass",
        100.0 * f64::from(total[1]) / f64::from(counted.max(1))
    );
    if list || !whole {
        surprises.iter().for_each(|id| println!("not expected to fail: {id}"));
    }
    println!("{} passed, {} failed", total[1], surprises.len());
    if surprises.is_empty() {
        Ok(())
    } else {
        Err("tests fail that are not in tests/cpython/expected.txt (--failures names them)".into())
    }
}

/// Counts each file's methods under CPython itself.
fn bless(real: &Path, files: Vec<TestFile>) -> Outcome {
    let counts = in_parallel(&files, |file| {
        let mut command = Command::new(real);
        command.args(["-m", "unittest", &format!("test.{}", file.name)]);
        program::run(&mut command, LIMIT).map(|said| cpython::read_report(&said.stderr).run)
    });
    let mut text = String::from(
        "# CPython's test files that `cargo xtask cpython-tests` runs, and how many methods each has under CPython 3.13.\n",
    );
    for (file, count) in files.iter().zip(counts) {
        let methods = count?.unwrap_or(file.methods);
        let _ = writeln!(text, "{} {methods}", file.name);
    }
    let list = cpython::folder().join("files.txt");
    std::fs::write(&list, text).map_err(|error| format!("{}: {error}", list.display()))
}
