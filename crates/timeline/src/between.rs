//! What happens between processes: which bytes and messages are in which pipe, who sent what to whom, what a fork has copied, who pickles.
//!
//! The kernel tells of writes and reads, connections say before a write how long the message is. So a message is what its thread writes next,
//! and it has arrived when as many bytes have been read as had been written at its end. What is written without such words is a message of
//! its own.

use crate::model::{LaneKey, Timeline};
use crate::track::What;
use heddle_trace::{Between, Event, Flow, Nanos, ProcessId, StringId, ThreadKey, Trace};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The length that stands before a message of `multiprocessing`, bytes.
const FRAME_BYTES: u64 = 4;
/// What queues call their connections.
const ENDS: [&str; 2] = ["._writer", "._reader"];

/// A pipe, or one direction of a pair of sockets: its computer and its number there.
pub(crate) type ChannelKey = (usize, u64);

/// A message, or a write without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub channel: ChannelKey,
    /// Its length without the frame.
    pub bytes: u64,
    /// What it says, in short.
    pub text: StringId,
    pub from: (ThreadKey, Nanos),
    pub to: Option<(ThreadKey, Nanos)>,
    /// How many bytes have been written when it is complete.
    end: u64,
}

/// See [`ChannelKey`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Channel {
    /// What the program calls it, or nothing.
    name: String,
    /// Its number among the channels of its computer, from 1.
    number: usize,
    /// Whether messages were announced on it.
    pub framed: bool,
    users: BTreeSet<ProcessId>,
    is_read: bool,
    /// (moment, thousandths of bytes), rising in time; of messages beneath.
    pub bytes: Vec<(Nanos, u64)>,
    pub messages: Vec<(Nanos, u64)>,
    /// Messages on their way, by their numbers.
    waiting: VecDeque<u32>,
}

impl Channel {
    /// What its counter counts.
    pub fn steps(&self) -> &[(Nanos, u64)] {
        if self.framed { &self.messages } else { &self.bytes }
    }

    /// The greatest level.
    pub fn most(&self) -> u64 {
        let levels = self.steps().iter().map(|(_, level)| level / 1000);
        levels.max().unwrap_or(0)
    }

    /// Whether it is between processes; a wake-up pipe of a single one tells a person nothing.
    pub fn is_shown(&self) -> bool {
        self.users.len() > 1 || self.framed && !self.is_read
    }

    /// What a person calls it.
    pub fn title(&self) -> String {
        if self.name.is_empty() {
            format!("pipe {}", self.number)
        } else {
            self.name.clone()
        }
    }
}

/// What a thread does that its slices do not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Sent(u32),
    Received(u32),
    Forked(ProcessId),
    Reaped(ProcessId),
}

/// How a process came to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copied {
    pub by: ThreadKey,
    pub objects: u64,
    pub bytes: u64,
    pub descriptors: u64,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    pub channels: BTreeMap<ChannelKey, Channel>,
    pub messages: Vec<Message>,
    pub copies: FxHashMap<ProcessId, Copied>,
    deeds: FxHashMap<ThreadKey, Vec<(Nanos, Deed)>>,
    /// Length, text and name of what a thread is about to write.
    sends: FxHashMap<ThreadKey, (u64, StringId, StringId)>,
    /// From what a thread is about to read.
    pub receives: FxHashMap<ThreadKey, StringId>,
    /// What it has pickled last and not written yet.
    pickled: FxHashMap<ThreadKey, StringId>,
}

impl Exchange {
    /// What a thread did in a stretch of time.
    pub fn deeds(&self, key: ThreadKey, from: Nanos, to: Nanos) -> impl Iterator<Item = &(Nanos, Deed)> {
        let all = self.deeds.get(&key).map_or(&[][..], Vec::as_slice);
        let first = all.partition_point(|(at, _)| *at < from);
        all[first..].iter().take_while(move |(at, _)| *at <= to)
    }

    /// The processes that this one has copied itself to.
    pub fn children(&self, of: ProcessId) -> Vec<ProcessId> {
        let mine = self.copies.iter().filter(|(_, copied)| copied.by.process == of);
        let mut children: Vec<_> = mine.map(|(child, _)| *child).collect();
        children.sort_unstable();
        children
    }

    fn deed(&mut self, key: ThreadKey, at: Nanos, deed: Deed) {
        self.deeds.entry(key).or_default().push((at, deed));
    }

    fn channel(&mut self, key: ChannelKey, flow: &Flow, at: Nanos, by: ProcessId) -> &mut Channel {
        let number = match self.channels.get(&key) {
            Some(known) => known.number,
            None => self.channels.range((key.0, 0)..=(key.0, u64::MAX)).count() + 1,
        };
        let channel = self.channels.entry(key).or_default();
        channel.number = number;
        channel.bytes.push((at, flow.depth * 1000));
        channel.users.insert(by);
        channel
    }

    fn written(&mut self, trace: &Trace, channel: ChannelKey, flow: &Flow, from: (ThreadKey, Nanos)) {
        let (key, at) = from;
        // In a folded trace the write of an announced message may be missing, and this be another one.
        let announced = self.sends.remove(&key);
        let announced = announced.filter(|(bytes, ..)| flow.bytes <= bytes.saturating_add(FRAME_BYTES));
        let pickled = self.pickled.remove(&key).unwrap_or_default();
        let begin = flow.total - flow.bytes.min(flow.total);
        let next = self.messages.len() as u32;
        let last = self.channels.get(&channel).and_then(|channel| channel.waiting.back());
        let is_rest = last.and_then(|last| self.messages.get(*last as usize));
        let is_rest = announced.is_none() && is_rest.is_some_and(|last| last.from.0 == key && last.end > begin);
        let kept = self.channel(channel, flow, at, key.process);
        if let Some((_, _, name)) = announced {
            kept.framed = true;
            kept.call(trace.text(name));
        }
        if is_rest {
            return;
        }
        kept.waiting.push_back(next);
        kept.messages.push((at, kept.waiting.len() as u64 * 1000));
        let (bytes, text, end) = match announced {
            Some((bytes, text, _)) => (bytes, text, begin.saturating_add(FRAME_BYTES).saturating_add(bytes)),
            None => (flow.bytes, pickled, flow.total),
        };
        self.messages.push(Message {
            channel,
            bytes,
            text,
            from,
            to: None,
            end,
        });
        self.deed(key, at, Deed::Sent(next));
    }

    /// The messages that are complete now are given back.
    fn read(&mut self, trace: &Trace, channel: ChannelKey, flow: &Flow, to: (ThreadKey, Nanos)) -> Vec<u32> {
        let (key, at) = to;
        let name = self.receives.get(&key).copied().unwrap_or_default();
        let mut arrived = Vec::new();
        let kept = self.channel(channel, flow, at, key.process);
        kept.is_read = true;
        if kept.name.is_empty() {
            kept.call(trace.text(name));
        }
        while let Some(first) = self.channels.get(&channel).and_then(|channel| channel.waiting.front()) {
            let number = *first;
            match self.messages.get_mut(number as usize) {
                Some(message) if message.end <= flow.total => message.to = Some(to),
                _ => break,
            }
            arrived.push(number);
            if let Some(kept) = self.channels.get_mut(&channel) {
                kept.waiting.pop_front();
                kept.messages.push((at, kept.waiting.len() as u64 * 1000));
            }
            self.deed(key, at, Deed::Received(number));
        }
        if !arrived.is_empty() {
            // What it reads from next is something else, until it says so again.
            self.receives.remove(&key);
        }
        arrived
    }
}

impl Channel {
    fn call(&mut self, name: &str) {
        let (own, _) = called(name);
        if !own.is_empty() {
            self.name = own;
        }
    }
}

/// What a person calls a queue or connection that the program knows by these words, and whether it is a queue.
pub(crate) fn called(name: &str) -> (String, bool) {
    let queue = ENDS.iter().find_map(|end| name.strip_suffix(end));
    (crate::format::visible(queue.unwrap_or(name)), queue.is_some())
}

impl Timeline {
    pub(crate) fn add_between(&mut self, trace: &Trace, event: &Event, between: Between, index: u32) {
        let (at, key) = (event.time, event.key());
        let on = self.computers.of(key.process);
        match between {
            Between::Forked {
                child,
                objects,
                bytes,
                descriptors,
            } => {
                let copied = Copied {
                    by: key,
                    objects,
                    bytes,
                    descriptors,
                };
                self.exchange.copies.insert(child, copied);
                self.exchange.deed(key, at, Deed::Forked(child));
            }
            Between::Reaped { child } => {
                self.close_zombie(child, at, index);
                // Where nobody will ever ask, it is gone at once.
                if child != key.process {
                    self.exchange.deed(key, at, Deed::Reaped(child));
                }
            }
            Between::Written(flow) => self.exchange.written(trace, (on, flow.channel), &flow, (key, at)),
            Between::Read(flow) => {
                for number in self.exchange.read(trace, (on, flow.channel), &flow, (key, at)) {
                    let message = self.exchange.messages.get(number as usize).copied();
                    // Within a process the end of the wait has its arrow.
                    if let Some(message) = message.filter(|message| message.from.0.process != key.process) {
                        self.arrows.message(number, message.from, (key, at));
                    }
                }
            }
            Between::Sends { bytes, text, name } => {
                self.exchange.sends.insert(key, (bytes, text, name));
            }
            Between::Receives { name } => {
                self.exchange.receives.insert(key, name);
            }
            Between::Pickled { ns, text, loads } => {
                if !loads {
                    self.exchange.pickled.insert(key, text);
                }
                let track = self.pickles.entry(key).or_default();
                // Those within it, which were done before it, are part of it.
                let begin = at.saturating_sub(ns);
                track.forget_from(begin);
                track.begin(begin, What::Pickle { text, loads }, index);
                track.close(at, index);
            }
        }
    }

    /// A process is over: a zombie until its parent asks for it, which one whose parent is over does not wait for.
    pub(crate) fn becomes_zombie(&mut self, process: ProcessId, at: Nanos, status: i32, index: u32) {
        let own = ThreadKey::main(process);
        let parent = self.exchange.copies.get(&process).map(|copied| copied.by.process);
        let is_over = |parent| self.people().process_of(parent).is_some_and(|one| one.status.is_some());
        if parent.is_some_and(|parent| !is_over(parent))
            && let Some(track) = self.threads.get_mut(&own)
        {
            track.begin(at, What::Zombie(status), index);
        }
        for child in self.exchange.children(process) {
            self.close_zombie(child, at, index);
        }
    }

    fn close_zombie(&mut self, process: ProcessId, at: Nanos, index: u32) {
        if let Some(track) = self.threads.get_mut(&ThreadKey::main(process))
            && matches!(track.slices().last().map(|slice| &slice.what), Some(What::Zombie(_)))
        {
            track.close(at, index);
        }
    }

    /// The counters of a computer's channels that are shown.
    pub(crate) fn shown_channels(&self, on: usize) -> impl Iterator<Item = (LaneKey, &Channel)> {
        let all = self.exchange.channels.range((on, 0)..=(on, u64::MAX));
        let shown = all.filter(|(_, channel)| channel.is_shown());
        shown.map(|(key, channel)| (LaneKey::Channel(key.0, key.1), channel))
    }
}

/// "results.get()" or "conn.recv()": what a thread waits for that receives from what its program knows by this name, if it has one.
pub(crate) fn receiving(name: &str) -> Option<String> {
    match called(name) {
        (name, _) if name.is_empty() => None,
        (name, true) => Some(format!("{name}.get()")),
        (name, false) => Some(format!("{name}.recv()")),
    }
}
