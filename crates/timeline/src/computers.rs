//! Which computers there are, and which processes and cores belong to each. A run on one computer says nothing about it.

use crate::model::Timeline;
use heddle_trace::{ProcessId, ThreadKey};
use std::collections::BTreeMap;

/// A computer of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Computer {
    pub name: String,
    pub first_core: u16,
    pub cores: u16,
}

/// All of them, in order; empty where there is only one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Computers {
    all: Vec<Computer>,
    /// Which computer a process is on.
    of: BTreeMap<ProcessId, usize>,
}

impl Computers {
    /// A computer whose first process this is.
    pub fn add(&mut self, first: ProcessId, computer: Computer) {
        self.of.insert(first, self.all.len());
        self.all.push(computer);
    }

    /// A process is where its maker is.
    pub fn born(&mut self, process: ProcessId, parent: ProcessId) {
        if let Some(computer) = self.of.get(&parent).copied() {
            self.of.insert(process, computer);
        }
    }

    pub fn all(&self) -> &[Computer] {
        &self.all
    }

    /// The computer of a process.
    pub fn of(&self, process: ProcessId) -> usize {
        self.of.get(&process).copied().unwrap_or(0)
    }

    /// The name of a process's computer, where there are several.
    pub fn name(&self, process: ProcessId) -> Option<&str> {
        self.all.get(self.of(process)).map(|computer| computer.name.as_str())
    }

    /// Whether a core belongs to a computer.
    pub fn has(&self, computer: usize, core: u16) -> bool {
        self.all.get(computer).is_none_or(|one| {
            let end = one.first_core.saturating_add(one.cores);
            (one.first_core..end).contains(&core)
        })
    }

    /// What a person calls a core: its number on its computer, and where there are several computers, which.
    pub fn core(&self, core: u16) -> String {
        let at = (0..self.all.len()).find(|at| self.has(*at, core));
        match at.and_then(|at| self.all.get(at)) {
            Some(on) => format!("core {} of {}", core - on.first_core, on.name),
            None => format!("core {core}"),
        }
    }
}

impl Timeline {
    /// Where a thread is at home, as far as that is a question and its chip does not say it: its computer where there are several,
    /// and in a process that another one made the process's number.
    #[must_use]
    pub fn home(&self, key: ThreadKey) -> Option<String> {
        let mut words: Vec<String> = self.computer_name(key.process).map(str::to_owned).into_iter().collect();
        let people = self.people();
        let person = people.get(key);
        // The chip of a forked process's main thread is the number.
        if person.is_some_and(|person| person.is_forked() && key.thread.0 > 0) {
            words.push(format!("p{}", key.process.number()));
        }
        (!words.is_empty()).then(|| words.join(" "))
    }
}
