//! The rules of the house that a program can read off the files. Each failure names file and line.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// A file past this has a second idea in it.
const MAX_LINES: usize = 1_000;

/// What is made, fetched or not ours.
const SKIPPED: [&str; 6] = ["target", "node_modules", "dist", ".git", ".stage", "shots"];

/// Kinds of files that are read as text.
const TEXT: [&str; 15] = [
    "rs", "toml", "md", "py", "expected", "mjs", "js", "ts", "json", "html", "css", "sh", "lock", "yml", "svg",
];

struct File {
    path: PathBuf,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.extension().is_some_and(|extension| extension == "rs")
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if SKIPPED.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
            let is_text = TEXT.contains(&extension) || (extension.is_empty() && folder.ends_with(".ci"));
            if let (true, Ok(text)) = (is_text, fs::read_to_string(&path)) {
                found.push(File {
                    path: path.strip_prefix(&root).unwrap_or(&path).to_path_buf(),
                    text,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(
        found.iter().filter(|file| file.is_rust()).count() > 50,
        "the walk over the files finds too little"
    );
    found
}

/// Fails with one line for each problem that `judge` finds in a line of a file.
fn check_lines(rule: &str, select: impl Fn(&File) -> bool, judge: impl Fn(&[&str], usize) -> bool) {
    let mut problems = String::new();
    for file in files().iter().filter(|file| select(file)) {
        let lines: Vec<&str> = file.text.lines().collect();
        for at in (0..lines.len()).filter(|at| judge(&lines, *at)) {
            let _ = writeln!(problems, "{}:{}: {}", file.path.display(), at + 1, lines[at].trim());
        }
    }
    assert!(problems.is_empty(), "{rule}\n{problems}");
}

/// Words that must not stand in this file either, put together from parts.
fn word(parts: &[&str]) -> String {
    parts.concat()
}

#[test]
fn every_rust_file_says_its_purpose_first() {
    let silent: Vec<_> = files()
        .into_iter()
        .filter(|file| file.is_rust() && !file.text.starts_with("//! "))
        .map(|file| file.path)
        .collect();
    assert!(silent.is_empty(), "these files do not open with `//!`: {silent:?}");
}

#[test]
fn no_file_describes_itself_as_unwritten() {
    let unwritten = word(&["(being ", "written)"]);
    check_lines("stubs are left", File::is_rust, |lines, at| {
        lines[at].contains(&unwritten)
    });
}

#[test]
fn no_rust_file_is_too_long() {
    let long: Vec<_> = files()
        .into_iter()
        .filter(|file| file.is_rust() && file.text.lines().count() > MAX_LINES)
        .map(|file| (file.path, file.text.lines().count()))
        .collect();
    assert!(long.is_empty(), "past {MAX_LINES} lines: {long:?}");
}

#[test]
fn nothing_is_left_undone_or_ignored() {
    let banned = [
        word(&["todo", "!("]),
        word(&["unimplemented", "!("]),
        word(&["#[ig", "nore"]),
        word(&["dbg", "!("]),
    ];
    check_lines(
        "unfinished code, ignored tests or debugging left",
        File::is_rust,
        |lines, at| banned.iter().any(|banned| lines[at].contains(banned.as_str())),
    );
}

#[test]
fn every_allow_has_its_reason() {
    let starts = [
        word(&["#[al", "low("]),
        word(&["#![al", "low("]),
        word(&["#[ex", "pect("]),
    ];
    check_lines(
        "give a reason: `reason = \"…\"` in it, or a comment before it",
        File::is_rust,
        |lines, at| {
            let line = lines[at].trim_start();
            let Some(start) = starts.iter().find(|start| line.contains(start.as_str())) else {
                return false;
            };
            // The attribute may go on over some lines; the reason is its last part.
            let attribute: String = lines[at..].iter().take(5).copied().collect();
            let attribute = attribute
                .split(start.as_str())
                .nth(1)
                .unwrap_or("")
                .split(")]")
                .next()
                .unwrap_or("")
                .to_string();
            let explained = at > 0 && lines[at - 1].trim_start().starts_with("//");
            !(attribute.contains("reason") || explained || line.contains("// "))
        },
    );
}

#[test]
fn no_path_of_one_machine_and_no_mirror_is_named() {
    let banned = [
        word(&["/ro", "ot/"]),
        word(&["/wo", "rk/"]),
        word(&["arti", "factory"]),
        word(&["/home/", "runner"]),
    ];
    check_lines(
        "paths of one machine, or package mirrors",
        |_| true,
        |lines, at| banned.iter().any(|banned| lines[at].contains(banned.as_str())),
    );
}

#[test]
fn npm_packages_come_from_npm() {
    let select = |file: &File| file.path.ends_with("package-lock.json");
    check_lines("packages that are not from registry.npmjs.org", select, |lines, at| {
        lines[at].contains("\"resolved\": \"http") && !lines[at].contains("https://registry.npmjs.org/")
    });
}
