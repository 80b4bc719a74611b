//! What a run that is run once more is asked to note: where its time goes by function and line, when threads come to chosen lines, and who writes
//! chosen variables.
//!
//! A trace has no event for each instruction. Whoever needs that runs the same scenario again with an [`Order`]; the run is the same one, and what
//! is noted of it are [`Findings`].

use crate::{Nanos, ProcessId, ThreadId};
use serde::{Deserialize, Serialize};

/// So many hits are noted; of more there is only a count.
pub const MOST_HITS: usize = 100_000;

/// What is to be noted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Times of functions and lines.
    pub times: bool,
    /// When a thread comes to one of these lines: file and line, from 1.
    pub lines: Vec<(String, u32)>,
    /// Who writes what into these variables.
    pub variables: Vec<Watched>,
}

impl Order {
    /// Whether nothing is to be noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Order::default()
    }
}

/// A variable to be watched, as people write it: `counter` (a global of the main module), `Account.balance` (the attribute of all instances of a class,
/// or of the object that a global names; also the local of a function: `worker.n`), `stats['hits']` or `cells[0]` (an item of what a global names).
/// `file.py:` before it says whose globals are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Watched {
    /// The file of the module whose global it is or begins with; the main file's if empty.
    pub file: String,
    /// What stands before the last dot or bracket.
    pub owner: String,
    /// The name; of an item the key as `repr` says it.
    pub name: String,
    /// Whether it is an item.
    pub is_item: bool,
}

impl Watched {
    /// Reads what a person writes.
    ///
    /// # Errors
    /// Why it is none, in a sentence.
    pub fn parse(text: &str) -> Result<Watched, String> {
        let text = text.trim();
        let (file, rest) = match text.split_once(".py:") {
            Some((stem, rest)) => (format!("{stem}.py"), rest),
            None => (String::new(), text),
        };
        let is_dotted = |text: &str| text.split('.').all(|part| is_identifier(part) || part == "<locals>");
        let refused =
            || format!("`{text}` is no variable: say `counter`, `Account.balance`, `worker.n` or `stats['hits']`");
        if let Some(body) = rest.strip_suffix(']') {
            let (owner, key) = body.split_once('[').ok_or_else(refused)?;
            if !is_identifier(owner) || key.is_empty() {
                return Err(refused());
            }
            return Ok(Watched {
                file,
                owner: owner.to_owned(),
                name: key.replace('"', "'"),
                is_item: true,
            });
        }
        let (owner, name) = rest.rsplit_once('.').unwrap_or(("", rest));
        if !is_identifier(name) || !(is_dotted(owner) || rest == name) {
            return Err(refused());
        }
        Ok(Watched {
            file,
            owner: owner.to_owned(),
            name: name.to_owned(),
            is_item: false,
        })
    }
}

fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_alphanumeric())
}

impl std::fmt::Display for Watched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Watched {
            file,
            owner,
            name,
            is_item,
        } = self;
        if !file.is_empty() {
            write!(f, "{file}:")?;
        }
        match (owner.as_str(), is_item) {
            ("", _) => f.write_str(name),
            (owner, true) => write!(f, "{owner}[{name}]"),
            (owner, false) => write!(f, "{owner}.{name}"),
        }
    }
}

/// What was noted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// By function, in the order in which they were first called.
    pub functions: Vec<FunctionTimes>,
    /// By line of the program's own files, in the order in which they were first run.
    pub lines: Vec<LineTimes>,
    /// What chosen lines and variables have seen, in the order in which it was noted: of each process in the order of time.
    pub hits: Vec<Hit>,
    /// How many more hits there were than are told.
    pub more_hits: u64,
}

/// A function's times, virtual ns, over all threads and processes, with cProfile's meaning: they go on while its thread waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionTimes {
    /// Its qualified name.
    pub function: String,
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Calls; a generator that goes on counts as one.
    pub calls: u64,
    /// Those that were not made below another call of it.
    pub outer_calls: u64,
    /// Time in it, but in no Python function that it calls.
    pub own_ns: Nanos,
    /// What of that its thread did not run for: it slept, was blocked, or waited for the GIL or a core.
    pub waited_ns: Nanos,
    /// Time from its calls to their ends.
    pub total_ns: Nanos,
}

/// A line's times, virtual ns, over all threads and processes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTimes {
    /// Its file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// How often a thread came to it.
    pub hits: u64,
    /// Time in it, but in no Python function that it calls.
    pub own_ns: Nanos,
    /// What of that its thread did not run for.
    pub waited_ns: Nanos,
    /// Time in it, calls included: line_profiler's.
    pub total_ns: Nanos,
}

/// Something that was looked out for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// When. Of a line the moment before it is run, of a write one at which it is done.
    pub at: Nanos,
    /// Where.
    pub process: ProcessId,
    /// By whom.
    pub thread: ThreadId,
    /// In which line; 0 if unknown.
    pub line: u32,
    /// What.
    pub what: Seen,
}

/// What a [`Hit`] is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// A thread comes to the line with this place in [`Order::lines`].
    Line(u32),
    /// A variable is written.
    Write {
        /// Its place in [`Order::variables`].
        variable: u32,
        /// The object whose attribute or item it is, or 0.
        object: u32,
        /// What is written, in short; `None` if it is deleted.
        value: Option<String>,
        /// The hit whose value it overwrites without the writer having seen it: an update is lost.
        loses: Option<u32>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read_as_people_write_them() {
        for text in [
            "counter",
            "Account.balance",
            "worker.n",
            "cells[0]",
            "stats['hits']",
            "util.py:counter",
        ] {
            assert_eq!(Watched::parse(text).unwrap().to_string(), text);
        }
        let inner = Watched::parse("make.<locals>.inner.n").unwrap();
        assert_eq!(
            (inner.owner.as_str(), inner.name.as_str()),
            ("make.<locals>.inner", "n")
        );
        assert_eq!(Watched::parse(" stats[\"hits\"] ").unwrap().name, "'hits'");
        for text in ["", "1", "a b", "a.", ".a", "a[", "[0]", "f()", "a.b[0]"] {
            assert!(Watched::parse(text).is_err(), "{text}");
        }
    }
}
