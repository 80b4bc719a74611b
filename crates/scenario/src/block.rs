//! The `# /// lab` block: a comment block in the form of PEP 723 inside a Python file, so that the file still runs
//! under any Python. It is found, read, and rewritten one value at a time; everything else in the text stays as it is.
//!
//! Unlike PEP 723, the first line `# ///` ends the block (two blocks may then stand directly below each other).

use crate::settings::{Key, Scalar, Settings};
use crate::toml::{self, Entry, Value};
use std::ops::Range;

/// Something wrong with a scenario's text, at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line in the file, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// A sentence without its full stop.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for Problem {}

const BEGIN: &str = "# /// lab";
const END: &str = "# ///";

/// Where a block stands and what it says.
#[derive(Clone, Debug)]
struct Block {
    /// The TOML text: the lines without their `# `, each ended by `\n`.
    content: String,
    /// For each line of `content`: its offset there, and the offset of the same character in the file.
    lines: Vec<(usize, usize)>,
    /// The offset of the closing line in the file.
    end: usize,
    /// First and last line of the block in the file, from 1, fences included.
    span: (u32, u32),
}

impl Block {
    /// The offset in the file of an offset in the content.
    fn in_file(&self, at: usize) -> usize {
        let index = self.lines.partition_point(|(start, _)| *start <= at);
        match index.checked_sub(1).and_then(|i| self.lines.get(i)) {
            Some((start, file)) => (file + (at - start)).min(self.end),
            None => self.end,
        }
    }
}

/// The lines of a text with their offsets, without line ends.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

fn line_problem(line: usize, message: impl Into<String>) -> Problem {
    Problem {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: 1,
        message: message.into(),
    }
}

/// A problem at an offset in the file.
fn problem_at(text: &str, at: usize, message: String) -> Problem {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    Problem {
        column: u32::try_from(column).unwrap_or(u32::MAX),
        ..line_problem(line, message)
    }
}

fn find(text: &str) -> Result<Option<Block>, Problem> {
    let mut block: Option<(Block, bool)> = None;
    for (index, (start, line)) in lines(text).enumerate() {
        let number = index + 1;
        match &mut block {
            Some((open, closed @ false)) => {
                if line == END {
                    open.end = start;
                    open.span.1 = line_problem(number, "").line;
                    *closed = true;
                    continue;
                }
                let Some(rest) = line.strip_prefix('#') else {
                    return Err(unclosed(open.span.0));
                };
                let (skip, rest) = match rest.strip_prefix(' ') {
                    Some(rest) => (2, rest),
                    None if rest.is_empty() => (1, rest),
                    None => return Err(line_problem(number, "a space must follow the # inside the block")),
                };
                open.lines.push((open.content.len(), start + skip));
                open.content.push_str(rest);
                open.content.push('\n');
            }
            _ if line == BEGIN => {
                if block.is_some() {
                    return Err(line_problem(
                        number,
                        "there is a second block \"# /// lab\"; a file has at most one",
                    ));
                }
                let span = (line_problem(number, "").line, 0);
                block = Some((
                    Block {
                        content: String::new(),
                        lines: Vec::new(),
                        end: text.len(),
                        span,
                    },
                    false,
                ));
            }
            _ => {}
        }
    }
    match block {
        Some((open, false)) => Err(unclosed(open.span.0)),
        Some((block, true)) => Ok(Some(block)),
        None => Ok(None),
    }
}

fn unclosed(line: u32) -> Problem {
    Problem {
        line,
        column: 1,
        message: "the block that begins here is not closed by a line \"# ///\"".to_owned(),
    }
}

fn entries(text: &str, block: &Block) -> Result<Vec<Entry>, Problem> {
    toml::parse(&block.content).map_err(|fault| problem_at(text, block.in_file(fault.at), fault.message))
}

/// First and last line of the block (from 1, fences included), if the text has one that is closed.
#[must_use]
pub fn block_lines(text: &str) -> Option<(u32, u32)> {
    find(text).ok().flatten().map(|block| block.span)
}

/// Reads the settings of a text; without a block they are the defaults.
///
/// # Errors
/// Every problem of the block, in the order of the text.
pub fn read_settings(text: &str) -> Result<Settings, Vec<Problem>> {
    let mut settings = Settings::default();
    let Some(block) = find(text).map_err(|problem| vec![problem])? else {
        return Ok(settings);
    };
    let mut problems = Vec::new();
    for entry in entries(text, &block).map_err(|problem| vec![problem])? {
        if let Err((at, message)) = read_entry(&mut settings, &entry) {
            problems.push(problem_at(text, block.in_file(at), message));
        }
    }
    if problems.is_empty() {
        Ok(settings)
    } else {
        Err(problems)
    }
}

/// Where the value of a key stands: line and column, if the text sets it.
#[must_use]
pub fn place_of(text: &str, key: Key) -> Option<(u32, u32)> {
    let block = find(text).ok().flatten()?;
    let entry = entries(text, &block)
        .ok()?
        .into_iter()
        .find(|entry| entry.path == key.name())?;
    let problem = problem_at(text, block.in_file(entry.span.start), String::new());
    Some((problem.line, problem.column))
}

fn read_entry(settings: &mut Settings, entry: &Entry) -> Result<(), (usize, String)> {
    let Some(key) = Key::from_name(&entry.path) else {
        return Err((entry.key_start, unknown_key(&entry.path)));
    };
    let value = match &entry.value {
        Value::Text(text) => Scalar::Text(text.clone()),
        Value::Number(number) => match u64::try_from(*number) {
            Ok(number) => Scalar::Number(number),
            Err(_) if key == Key::Cores => {
                let most = crate::settings::MAX_CORES;
                return Err((entry.span.start, format!("cores must be 1 to {most}, not {number}")));
            }
            Err(_) => return Err((entry.span.start, format!("{} cannot be {number}", key.name()))),
        },
        Value::Bool(value) => return Err((entry.span.start, format!("{} cannot be {value}", key.name()))),
    };
    settings.set(key, &value).map_err(|message| (entry.span.start, message))
}

fn unknown_key(path: &str) -> String {
    let first = path.split('.').next().unwrap_or(path);
    if first == "computers" {
        return format!("\"{first}\" is not yet supported");
    }
    let names: Vec<_> = Key::ALL.iter().map(|key| key.name()).collect();
    let hint = names
        .iter()
        .filter(|name| distance(name, path) <= 2)
        .min_by_key(|name| distance(name, path));
    match hint {
        Some(hint) => format!("\"{path}\" is not a setting; did you mean \"{hint}\"?"),
        None => format!("\"{path}\" is not a setting; there are {}", names.join(", ")),
    }
}

/// How many letters differ (Levenshtein), `_` counting as `-`; anything long counts as far.
fn distance(a: &str, b: &str) -> usize {
    if b.len() > 40 {
        return usize::MAX;
    }
    let letters = |s: &str| s.replace('_', "-").chars().collect::<Vec<_>>();
    let (a, b) = (letters(a), letters(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = if x == y {
                diagonal
            } else {
                1 + diagonal.min(row[j]).min(row[j + 1])
            };
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

/// A value as TOML.
pub(crate) fn render(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => toml::quote(text),
        Scalar::Number(number) => number.to_string(),
    }
}

/// Writes settings into a text: values that differ are replaced where they stand, settings that are not the default are
/// added, a setting left open is removed with its line, and where there is no block one is made if it is needed. Comments,
/// order and spacing stay.
///
/// # Errors
/// The block cannot be read as TOML, so it cannot be changed safely.
pub fn write_settings(text: &str, settings: &Settings) -> Result<String, Problem> {
    let defaults = Settings::default();
    let mut text = text.to_owned();
    for key in Key::ALL {
        let value = settings.get(key);
        // Found anew for each key: a change moves everything behind it.
        let block = find(&text)?;
        let all = block
            .as_ref()
            .map(|block| entries(&text, block))
            .transpose()?
            .unwrap_or_default();
        let entry = all.iter().find(|entry| entry.path == key.name());
        match (&block, entry, value) {
            (Some(block), Some(entry), Some(value)) => {
                let mut probe = Settings::default();
                let same = read_entry(&mut probe, entry).is_ok() && probe.get(key).as_ref() == Some(&value);
                if !same {
                    let range = block.in_file(entry.span.start)..block.in_file(entry.span.end);
                    text.replace_range(range, &render(&value));
                }
            }
            (Some(block), Some(entry), None) => {
                let range = removal(&text, block, entry);
                text.replace_range(range, "");
            }
            (_, None, value) if value == defaults.get(key) => {}
            (Some(block), None, Some(value)) => {
                let (at, line) = insertion(&text, block, &all, key, &render(&value));
                text.insert_str(at, &line);
            }
            (None, _, Some(value)) => {
                let at = after_head(&text);
                let newline = newline_of(&text);
                let line = format!("# {} = {}", key.name(), render(&value));
                text.insert_str(at, &[BEGIN, &line, END, "", ""].join(newline));
            }
            (_, None, None) | (None, Some(_), None) => {}
        }
    }
    Ok(text)
}

/// How the text ends its lines.
fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The offset behind a `#!` line and a coding line, which must stay first.
fn after_head(text: &str) -> usize {
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').take(2).enumerate() {
        let head = (index == 0 && line.starts_with("#!")) || (line.starts_with('#') && line.contains("coding"));
        if !head || !line.ends_with('\n') {
            break;
        }
        at += line.len();
    }
    at
}

/// What to cut to remove an entry: its lines, or its part of an inline table.
fn removal(text: &str, block: &Block, entry: &Entry) -> Range<usize> {
    let (start, end) = (block.in_file(entry.key_start), block.in_file(entry.span.end));
    if entry.inline_end.is_some() {
        let after = text.get(end..).unwrap_or("");
        let trimmed = after.trim_start_matches([' ', '\t']);
        if let Some(rest) = trimmed.strip_prefix(',') {
            let rest = rest.trim_start_matches([' ', '\t']);
            return start..text.len() - rest.len();
        }
        let before = text.get(..start).unwrap_or("").trim_end_matches([' ', '\t']);
        return before.strip_suffix(',').map_or(start, str::len)..end;
    }
    line_start(text, start)..line_after(text, end)
}

/// The offset of the line that holds this offset.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |n| n + 1)
}

/// Where a new key goes, and the text to put there.
fn insertion(text: &str, block: &Block, all: &[Entry], key: Key, value: &str) -> (usize, String) {
    let name = key.name();
    let newline = newline_of(text);
    let (table, last) = name.rsplit_once('.').unwrap_or(("", name));
    let siblings = || {
        all.iter()
            .filter(|e| !table.is_empty() && e.path.starts_with(&format!("{table}.")))
    };
    if let Some(end) = siblings().find_map(|entry| entry.inline_end) {
        let at = block.in_file(end);
        let before = text.get(..at).unwrap_or("").trim_end_matches([' ', '\t']);
        return (before.len(), format!(", {last} = {value}"));
    }
    if let Some(entry) = siblings().rfind(|entry| entry.header_parts == 1) {
        return (
            line_after(text, block.in_file(entry.span.end)),
            format!("# {last} = {value}{newline}"),
        );
    }
    // Before the first [table]: behind the last key of the top level, or at the top.
    let at = match all.iter().rfind(|entry| entry.header_parts == 0) {
        Some(entry) => line_after(text, block.in_file(entry.inline_end.unwrap_or(entry.span.end))),
        None if all.is_empty() => block.end,
        None => block.lines.first().map_or(block.end, |(_, at)| line_start(text, *at)),
    };
    (at, format!("# {name} = {value}{newline}"))
}

/// The offset of the line after the one that holds this offset.
fn line_after(text: &str, at: usize) -> usize {
    text.get(at..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |n| at + n + 1)
}
