//! What is known of processes, and of the pipes between them, at a moment.

use crate::between::Channel;
use crate::format::{counted, size};
use crate::model::{LaneKey, Timeline};
use crate::people::Process;
use crate::track::What;
use heddle_trace::{Nanos, ThreadKey};

/// What is known of a process at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessNow {
    /// Its main thread.
    pub main: ThreadKey,
    /// Its name ("main.py").
    pub name: String,
    /// Who started it and how, where another process did: "fork".
    pub started: Option<(ThreadKey, &'static str)>,
    /// Whether it is not over yet.
    pub lives: bool,
    /// "lives", "zombie, has ended with exit code 3", "has ended with exit code 0".
    pub state: String,
}

/// What is in a pipe at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelNow {
    /// What a person calls the pipe, or the queue that it is in.
    pub name: String,
    /// "2 messages", where they are known.
    pub messages: Option<String>,
    /// "68 B".
    pub bytes: String,
}

impl Timeline {
    /// The processes that have begun by then, in order, where there are several.
    #[must_use]
    pub fn processes_at(&self, at: Nanos) -> Vec<ProcessNow> {
        let all = &self.people().processes;
        if all.len() < 2 {
            return Vec::new();
        }
        all.iter().filter_map(|process| self.process_at(process, at)).collect()
    }

    fn process_at(&self, process: &Process, at: Nanos) -> Option<ProcessNow> {
        let main = ThreadKey::main(process.id);
        self.people().get(main).filter(|person| person.created <= at)?;
        let ended = ended(process.status.unwrap_or(0));
        let slice = self.slice_at(LaneKey::Thread(main), at);
        let slice = slice.and_then(|slice| self.slice(slice));
        let is_over = || process.status.is_some() && self.ends.get(&main).is_some_and(|end| end.at <= at);
        let (lives, state) = match slice.map(|slice| &slice.what) {
            Some(What::Zombie(_)) => (false, format!("zombie, {ended}")),
            None if is_over() => (false, ended),
            _ => (true, "lives".to_owned()),
        };
        let by = self.exchange.copies.get(&process.id).map(|copied| copied.by);
        Some(ProcessNow {
            main,
            name: process.name.clone(),
            started: by.map(|by| (by, process.start)),
            lives,
            state,
        })
    }

    /// What is in the pipes between processes at a moment.
    #[must_use]
    pub fn channels_at(&self, at: Nanos) -> Vec<ChannelNow> {
        let shown = self.exchange.channels.values().filter(|channel| channel.is_shown());
        let told = |channel: &Channel| ChannelNow {
            name: channel.title(),
            messages: channel
                .framed
                .then(|| counted(level(&channel.messages, at), "message", "messages")),
            bytes: size(level(&channel.bytes, at)),
        };
        shown.map(told).collect()
    }
}

/// The last of the steps up to a moment.
pub(crate) fn level(steps: &[(Nanos, u64)], at: Nanos) -> u64 {
    let after = steps.partition_point(|(when, _)| *when <= at);
    let last = after.checked_sub(1).and_then(|last| steps.get(last));
    last.map_or(0, |(_, level)| level / 1000)
}

/// "has ended with exit code 3", "was ended by signal 15". A status is as a shell says it: 128 and the signal's number.
pub(crate) fn ended(status: i32) -> String {
    match status {
        129..=192 => format!("was ended by signal {}", status - 128),
        _ => format!("has ended with exit code {status}"),
    }
}

/// The same in short, for a lane: "exit 3", "signal 15".
pub(crate) fn ended_short(status: i32) -> String {
    match status {
        129..=192 => format!("signal {}", status - 128),
        _ => format!("exit {status}"),
    }
}
