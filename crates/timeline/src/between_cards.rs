//! What hover cards say of forks, messages, pickling and zombies.

use crate::arrows::{Arrow, Carried};
use crate::between::{Channel, ChannelKey, Copied, Deed, Message};
use crate::format::{duration, from_to, moment};
use crate::model::{LaneKey, Timeline};
use crate::people::Process;
use crate::track::{Slice, What};
use crate::words::{Description, Sentence, Word};
use heddle_trace::{Between, Nanos, ThreadKey, Trace};

/// Most deeds that are told of one slice.
const MOST_DEEDS: usize = 3;

impl Timeline {
    /// The card of a pickle or a zombie.
    pub(crate) fn describe_between(&self, trace: &Trace, lane: LaneKey, slice: &Slice) -> Option<Description> {
        let LaneKey::Thread(key) = lane else { return None };
        let (runs, title, why) = match slice.what {
            What::Pickle { text, loads } => {
                let title = if loads { "reads a pickle" } else { "pickles" };
                let why = if loads {
                    "Bytes that came from elsewhere become an object again: "
                } else {
                    "To leave the process, an object must become bytes: "
                };
                (true, title.to_owned(), self.sentence().text(why).text(trace.text(text)))
            }
            What::Zombie(status) => {
                let parent = self.exchange.copies.get(&key.process).map(|copied| copied.by);
                let s = self.sentence().text(format!("It {}. ", ended(status)));
                let s = match parent {
                    Some(parent) => s.thread(ThreadKey {
                        process: parent.process,
                        ..ThreadKey::default()
                    }),
                    None => s.text("Its parent"),
                };
                let s = if slice.end_event.is_some() {
                    s.text(format!(" asks for that at {}, and it is gone.", moment(slice.end)))
                } else {
                    s.text(" never asks for that.")
                };
                (false, "zombie".to_owned(), s)
            }
            _ => return None,
        };
        Some(Description {
            who: Some(self.word(key)),
            runs,
            title,
            duration: duration(slice.length()),
            why: why.words,
            span: from_to(slice.start, slice.end),
        })
    }

    /// What is in a channel at a moment.
    pub(crate) fn describe_channel(&self, key: ChannelKey, at: Nanos) -> Option<Description> {
        let channel = self.exchange.channels.get(&key)?;
        let bytes = size(level(&channel.bytes, at));
        let title = if channel.framed {
            format!("{}: {}", channel.title(), messages(level(&channel.messages, at)))
        } else {
            channel.title()
        };
        let all = self.exchange.messages.iter().filter(|message| message.channel == key);
        let (mut count, mut sum) = (0, 0);
        for message in all {
            count += 1;
            sum += message.bytes;
        }
        let why = format!("In the pipe now. In the whole run {}, {}.", messages(count), size(sum));
        Some(Description {
            who: None,
            runs: false,
            title,
            duration: bytes,
            why: self.sentence().text(why).words,
            span: moment(at),
        })
    }

    /// The card of an arrow that carries something.
    pub(crate) fn describe_arrow(&self, trace: &Trace, arrow: &Arrow) -> Option<Description> {
        let (LaneKey::Thread(from), LaneKey::Thread(to)) = (arrow.from.0, arrow.to.0) else {
            return None;
        };
        let (title, why) = match arrow.carries? {
            Carried::Message(number) => {
                let message = self.exchange.messages.get(number as usize)?;
                let through = self.exchange.channels.get(&message.channel)?.title();
                let s = self.sentence().text("To ").thread(to);
                let s = s.text(format!(" through {through}: {}", trace.text(message.text)));
                (format!("sends {}", size(message.bytes)), s)
            }
            Carried::Copy(child) => {
                let copied = self.exchange.copies.get(&child)?;
                let s = self.sentence().thread(to);
                (
                    "forks".to_owned(),
                    s.text(format!(
                        " is a copy: {}. It shares nothing with the original but descriptors.",
                        copied.words()
                    )),
                )
            }
        };
        Some(Description {
            who: Some(self.word(from)),
            runs: true,
            title,
            duration: duration(arrow.to.1.saturating_sub(arrow.from.1)),
            why: why.words,
            span: from_to(arrow.from.1, arrow.to.1),
        })
    }

    /// What is written at an arrow where there is room.
    pub(crate) fn arrow_text(&self, trace: &Trace, arrow: &Arrow) -> Option<String> {
        Some(match arrow.carries? {
            Carried::Message(number) => {
                let message = self.exchange.messages.get(number as usize)?;
                let text = trace.text(message.text);
                let separator = if text.is_empty() { "" } else { ", " };
                format!("{text}{separator}{}", size(message.bytes))
            }
            Carried::Copy(child) => format!("copies {}", size(self.exchange.copies.get(&child)?.bytes)),
        })
    }

    /// Adds what the thread did to and with others between two moments.
    pub(crate) fn tell_deeds<'a>(
        &'a self,
        trace: &Trace,
        mut s: Sentence<'a>,
        key: ThreadKey,
        (from, to): (Nanos, Nanos),
    ) -> Sentence<'a> {
        for (_, deed) in self.exchange.deeds(key, from, to).take(MOST_DEEDS) {
            s = self.tell_deed(trace, s.text(" It "), *deed).text(".");
        }
        s
    }

    /// An event in words; nothing for those that prepare others.
    pub(crate) fn tell_between(&self, trace: &Trace, key: ThreadKey, at: Nanos, between: Between) -> Option<Vec<Word>> {
        if let Between::Pickled { ns, text, loads } = between {
            let verb = if loads { "reads the pickle of" } else { "pickles" };
            let text = format!("{verb} {} in {}", trace.text(text), duration(ns));
            return Some(self.sentence().text(text).words);
        }
        let is_it = |deed: &Deed| match (between, deed) {
            (Between::Forked { child, .. }, Deed::Forked(one)) => child == *one,
            (Between::Reaped { child }, Deed::Reaped(one)) => child == *one,
            (Between::Written(_), Deed::Sent(_)) | (Between::Read(_), Deed::Received(_)) => true,
            _ => false,
        };
        let (_, deed) = self.exchange.deeds(key, at, at).find(|(_, deed)| is_it(deed))?;
        Some(self.tell_deed(trace, self.sentence(), *deed).words)
    }

    fn tell_deed<'a>(&'a self, trace: &Trace, s: Sentence<'a>, deed: Deed) -> Sentence<'a> {
        let main = |process| ThreadKey {
            process,
            ..ThreadKey::default()
        };
        let message = |number: u32| self.exchange.messages.get(number as usize);
        let title = |key: &ChannelKey| self.exchange.channels.get(key).map(|channel| channel.title());
        match deed {
            Deed::Sent(number) | Deed::Received(number) => {
                let Some(message) = message(number) else { return s };
                let through = title(&message.channel).unwrap_or_default();
                let text = trace.text(message.text);
                let what = format!(
                    "{text}{}({})",
                    if text.is_empty() { "" } else { " " },
                    size(message.bytes)
                );
                match deed {
                    Deed::Sent(_) => s.text(format!("writes {what} into {through}")),
                    _ => s
                        .text(format!("reads {what} from {through}, sent by "))
                        .thread(message.from.0),
                }
            }
            Deed::Forked(child) => {
                let copied = self.exchange.copies.get(&child).map(Copied::words);
                s.text("forks ")
                    .thread(main(child))
                    .text(format!(", a copy: {}", copied.unwrap_or_default()))
            }
            Deed::Reaped(child) => {
                let status = self
                    .people()
                    .processes
                    .iter()
                    .find(|one| one.id == child)
                    .and_then(|one| one.status);
                s.text("asks how ")
                    .thread(main(child))
                    .text(format!(" has ended: it {}", ended(status.unwrap_or(0))))
            }
        }
    }

    /// Who sent what a thread has waited for up to this moment.
    pub(crate) fn tell_sender(&self, trace: &Trace, key: ThreadKey, until: Nanos) -> Option<Vec<Word>> {
        let received = self
            .exchange
            .deeds(key, until, Nanos::MAX)
            .find_map(|(_, deed)| match deed {
                Deed::Received(number) => self.exchange.messages.get(*number as usize),
                _ => None,
            })?;
        let from = received.from;
        (from.1 <= until && from.0 != key).then(|| {
            let s = self.sentence().text(" ").thread(from.0);
            s.text(format!(
                " sends {} ({}) at {}.",
                trace.text(received.text),
                size(received.bytes),
                moment(from.1)
            ))
            .words
        })
    }
}

/// What is known of a process at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessNow {
    /// Its main thread.
    pub main: ThreadKey,
    /// Its name ("main.py").
    pub name: String,
    /// Who started it and how, where another process did: "fork".
    pub started: Option<(ThreadKey, &'static str)>,
    /// "runs", "zombie, has ended with exit code 3", "has ended with exit code 0".
    pub state: String,
}

impl Timeline {
    /// The processes that have begun by then, in order, where there are several.
    #[must_use]
    pub fn processes_at(&self, at: Nanos) -> Vec<ProcessNow> {
        let all = &self.people().processes;
        let now = |process: &Process| {
            let main = ThreadKey {
                process: process.id,
                ..ThreadKey::default()
            };
            self.people().get(main).filter(|person| person.created <= at)?;
            let ended = ended(process.status.unwrap_or(0));
            let slice = self
                .slice_at(LaneKey::Thread(main), at)
                .and_then(|slice| self.slice(slice));
            let state = match slice.map(|slice| &slice.what) {
                Some(What::Zombie(_)) => format!("zombie, {ended}"),
                None if process.status.is_some() && self.ends.get(&main).is_some_and(|end| end.at <= at) => ended,
                _ => "lives".to_owned(),
            };
            let by = self.exchange.copies.get(&process.id).map(|copied| copied.by);
            Some(ProcessNow {
                main,
                name: process.name.clone(),
                started: by.map(|by| (by, process.start)),
                state,
            })
        };
        if all.len() < 2 {
            return Vec::new();
        }
        all.iter().filter_map(now).collect()
    }

    /// What is in the pipes between processes at a moment: name, "2 messages" (nothing where they are not known), "68 B".
    #[must_use]
    pub fn channels_at(&self, at: Nanos) -> Vec<(String, Option<String>, String)> {
        let shown = self.exchange.channels.values().filter(|channel| channel.is_shown());
        let told = |channel: &Channel| {
            let count = channel.framed.then(|| messages(level(&channel.messages, at)));
            (channel.title(), count, size(level(&channel.bytes, at)))
        };
        shown.map(told).collect()
    }

    /// How many messages were sent in the whole run, and their lengths: "3.1 KB".
    #[must_use]
    pub fn sent(&self) -> (usize, String) {
        let framed = |message: &&Message| {
            self.exchange
                .channels
                .get(&message.channel)
                .is_some_and(|one| one.framed)
        };
        let all = self.exchange.messages.iter().filter(framed);
        let (count, bytes) = all.fold((0, 0), |(count, bytes), message| (count + 1, bytes + message.bytes));
        (count, size(bytes))
    }
}

/// The last of the steps up to a moment.
fn level(steps: &[(Nanos, u64)], at: Nanos) -> u64 {
    let after = steps.partition_point(|(when, _)| *when <= at);
    let last = after.checked_sub(1).and_then(|last| steps.get(last));
    last.map_or(0, |(_, level)| level / 1000)
}

impl Copied {
    /// "12345 objects, 8.2 MB, 5 descriptors".
    pub fn words(&self) -> String {
        format!(
            "{} objects, {}, {} descriptors",
            self.objects,
            size(self.bytes),
            self.descriptors
        )
    }
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

fn messages(n: u64) -> String {
    format!("{n} message{}", if n == 1 { "" } else { "s" })
}

/// "34 B", "3.1 KB", "8.2 MB".
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
