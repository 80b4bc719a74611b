//! Why: the sentences of the hover card, one function for each kind of slice.

use crate::captions::event_kind;
use crate::format::{moment, percent};
use crate::model::Timeline;
use crate::track::{Slice, Track, What};
use crate::words::{Sentence, Word};
use heddle_trace::{
    BlockReason, Density, DropWhy, EventKind, GilId, ObjectId, ProcessId, ShareOf, ThreadId, ThreadKey, ThreadState,
    Trace,
};

impl Timeline {
    pub(crate) fn state_why(
        &self,
        trace: &Trace,
        key: ThreadKey,
        slice: &Slice,
        state: ThreadState,
        index: u32,
    ) -> Vec<Word> {
        match state {
            ThreadState::Running { core } => self.run_why(trace, key, slice, core.0, index),
            ThreadState::GilWait => self.gil_why(trace, key, slice),
            ThreadState::Ready => {
                let on_core = |track: &Track| match track.get(track.at(slice.start)?)?.what {
                    What::Owned(key) => Some(key),
                    _ => None,
                };
                let computer = self.computers.of(key.process);
                let own = self
                    .cores
                    .iter()
                    .filter(|(core, _)| self.computers.has(computer, **core));
                let busy = self.busy_why(&own.filter_map(|(_, track)| on_core(track)).collect::<Vec<_>>());
                let copied = self.exchange.copies.get(&key.process).filter(|_| index == 0);
                match copied.filter(|_| key.thread == ThreadId(0)) {
                    Some(copied) => {
                        let s = self.sentence().text("A copy of ").thread(copied.by);
                        let s = s.text(format!(": {}. ", copied.words()));
                        s.words.into_iter().chain(busy).collect()
                    }
                    None => busy,
                }
            }
            ThreadState::Blocked(reason) => self.blocked_why(trace, key, slice, reason),
            ThreadState::Native { core } => {
                let s = self.sentence().text(format!("On {}.", self.core_name(core.0)));
                self.tell_deeds(trace, s, key, (slice.start, slice.end)).words
            }
            ThreadState::Finished => Vec::new(),
        }
    }

    pub(crate) fn busy_why(&self, busy: &[ThreadKey]) -> Vec<Word> {
        if busy.is_empty() {
            return self
                .sentence()
                .text("The operating system has not given it a core yet.")
                .words;
        }
        let verb = if busy.len() == 1 {
            " has the core."
        } else {
            " have the cores."
        };
        let mut s = self.sentence();
        for (n, key) in busy.iter().take(4).enumerate() {
            s = if n > 0 { s.text(", ") } else { s }.thread(*key);
        }
        s.text(verb).words
    }

    pub(crate) fn run_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice, core: u16, index: u32) -> Vec<Word> {
        let function = match slice.run.and_then(|run| event_kind(trace, run)) {
            Some(EventKind::Ran(run)) => trace.text(run.function),
            _ => "",
        };
        let what = [function, self.lines(trace, slice).as_deref().unwrap_or("")].map(str::to_owned);
        let what: Vec<_> = what.into_iter().filter(|part| !part.is_empty()).collect();
        let place = format!("{}.", self.core_name(core));
        let s = self.sentence().text(if what.is_empty() {
            format!("On {place}")
        } else {
            format!("{}, on {place}", what.join(", "))
        });
        let s = self.tell_deeds(trace, s, key, (slice.start, slice.end));
        let after = self.threads.get(&key).and_then(|track| track.get(index as usize + 1));
        let next = after.filter(|next| next.start == slice.end).map(|next| &next.what);
        match next {
            Some(What::State(ThreadState::GilWait)) => {
                match self.last_request(key.process, self.places.gil(key, slice.start), slice, key) {
                    Some(by) => {
                        s.text(" It lets go of the GIL because ")
                            .thread(by)
                            .text(" asked for it.")
                            .words
                    }
                    None => s.words,
                }
            }
            Some(What::State(ThreadState::Ready)) => s.text(" Then its time slice on the core is over.").words,
            Some(What::State(ThreadState::Blocked(reason))) => {
                let next = after
                    .map(|next| self.wait_text(trace, key.process, next, *reason, next.start))
                    .unwrap_or_default();
                s.text(format!(" Then it waits: {next}.")).words
            }
            _ => s.words,
        }
    }

    /// Who asked for the GIL last during a slice.
    pub(crate) fn last_request(
        &self,
        process: ProcessId,
        gil: GilId,
        slice: &Slice,
        not: ThreadKey,
    ) -> Option<ThreadKey> {
        let requests = &self.gils.get(&(process, gil))?.requests;
        let end = requests.partition_point(|request| request.at <= slice.end);
        let last = requests.get(..end)?.last()?;
        (last.at >= slice.start && last.by != not).then_some(last.by)
    }

    pub(crate) fn gil_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice) -> Vec<Word> {
        let gil = self.places.gil(key, slice.start);
        let Some(gil) = self.gils.get(&(key.process, gil)) else {
            return Vec::new();
        };
        let (first, last) = (gil.held.first_after(slice.start), gil.held.first_from(slice.end));
        let held = gil.held.slices().get(first..last.max(first)).unwrap_or(&[]);
        let mut owners: Vec<ThreadKey> = Vec::new();
        let mut let_go = None;
        for one in held {
            if let What::Owned(owner) = one.what
                && owner != key
            {
                if owners.last() != Some(&owner) {
                    owners.push(owner);
                }
                let_go = Some((owner, one.end_event, one.end));
            }
        }
        if owners.is_empty() {
            return self.sentence().text("It has just been let go.").words;
        }
        let s = self
            .sentence()
            .threads(&owners)
            .text(if owners.len() == 1 { " holds it." } else { " hold it." });
        let from = gil.requests.partition_point(|request| request.at < slice.start);
        let mine = gil.requests[from..]
            .iter()
            .take_while(|r| r.at <= slice.end)
            .filter(|r| r.by == key)
            .last();
        let s = match mine {
            Some(request) => {
                let s = s.text(format!(" After the switch interval, at {}, ", moment(request.at)));
                s.thread(key).text(" asks for a drop")
            }
            None => s,
        };
        let (Some((owner, end_event, end)), true) = (let_go, slice.end_event.is_some()) else {
            return s.text(if mine.is_some() { "." } else { "" }).words;
        };
        let s = s.text(if mine.is_some() { "; " } else { " " }).thread(owner);
        let (why, line) = match end_event.and_then(|event| event_kind(trace, event)) {
            Some(EventKind::GilDrop { why, line, .. }) => (*why, *line),
            _ => return s.text(" lets go.").words,
        };
        let line = if line == 0 {
            String::new()
        } else {
            format!(" (line {line})")
        };
        match why {
            DropWhy::Requested => s.text(format!(" lets go at its next jump back or call{line}.")),
            DropWhy::Blocking => s.text(format!(
                " lets go at {} because it is about to wait{line}.",
                moment(end)
            )),
            DropWhy::Ticks => s.text(format!(" lets go when its ticks are used up{line}.")),
            DropWhy::Finished => s.text(format!(" ends at {}.", moment(end))),
        }
        .words
    }

    pub(crate) fn blocked_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice, reason: BlockReason) -> Vec<Word> {
        let at = if self.is_dead(key, slice) {
            slice.end.saturating_sub(1)
        } else {
            slice.start
        };
        let what = self.wait_text(trace, key.process, slice, reason, at);
        let s = self.sentence().text(format!("{what}{}.", self.line_of(trace, slice)));
        if self.is_dead(key, slice) {
            return match reason
                .object()
                .and_then(|object| self.holder(key.process, object, slice.end.saturating_sub(1)))
            {
                Some(holder) => {
                    s.text(" ")
                        .thread(holder)
                        .text(" holds it and can never run again.")
                        .words
                }
                None => s.text(" Nothing that could end this wait can ever run again.").words,
            };
        }
        let s = self.hand_overs(s, key, slice, reason);
        if let BlockReason::Sleep { until } = reason {
            return s.text(format!(" It asked to sleep until {}.", moment(until))).words;
        }
        let cause = slice
            .end_event
            .and_then(|event| trace.events.get(event as usize))
            .and_then(|event| event.cause);
        let by = cause.and_then(|cause| self.arrows.place_of(cause));
        let Some((who, at)) = by.filter(|(who, _)| *who != key) else {
            let is_read = matches!(reason, BlockReason::Read { .. } | BlockReason::Select);
            let sender = is_read.then(|| self.tell_sender(trace, key, slice.end)).flatten();
            return s.words.into_iter().chain(sender.unwrap_or_default()).collect();
        };
        let verb = match reason {
            BlockReason::Join { .. } => " ends at ",
            BlockReason::ThreadStart { .. } => " has started at ",
            BlockReason::Lock { .. } | BlockReason::RLock { .. } | BlockReason::Semaphore { .. } => " releases it at ",
            BlockReason::QueueGet { .. } => " puts something in at ",
            BlockReason::QueuePut { .. } => " takes something out at ",
            _ => " wakes it at ",
        };
        s.text(" ").thread(who).text(format!("{verb}{}.", moment(at))).words
    }

    /// "T1 holds it until 3.1 ms, then T2." where a lock has several holders during the wait for it.
    fn hand_overs<'a>(&self, s: Sentence<'a>, key: ThreadKey, slice: &Slice, reason: BlockReason) -> Sentence<'a> {
        let mut holders = self.holders(key.process, slice, reason);
        holders.retain(|(_, holder)| *holder != key);
        let (Some((_, first)), Some((until, second))) = (holders.first(), holders.get(1)) else {
            return s;
        };
        let s = s
            .text(" ")
            .thread(*first)
            .text(format!(" holds it until {}, then ", moment(*until)));
        let s = s.thread(*second);
        match holders.get(2..).unwrap_or(&[]) {
            [] => s.text("."),
            [(from, third)] => s.text(format!(", from {} ", moment(*from))).thread(*third).text("."),
            more => s.text(format!(", then {} more.", more.len())),
        }
    }

    pub(crate) fn line_of(&self, trace: &Trace, slice: &Slice) -> String {
        match event_kind(trace, slice.event) {
            Some(EventKind::State { line, .. }) if *line > 0 => format!(" (line {line})"),
            _ => String::new(),
        }
    }

    pub(crate) fn core_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice) -> Vec<Word> {
        let running = self
            .threads
            .get(&key)
            .and_then(|track| track.get(track.at(slice.start)?));
        let lines = running.and_then(|running| self.lines(trace, running));
        lines
            .map(|lines| self.sentence().text(lines).text(".").words)
            .unwrap_or_default()
    }

    pub(crate) fn held_why(&self, trace: &Trace, process: ProcessId, gil: GilId, slice: &Slice) -> Vec<Word> {
        let Some(EventKind::GilDrop { why, line, .. }) = slice.end_event.and_then(|event| event_kind(trace, event))
        else {
            return self.sentence().text("It still holds it.").words;
        };
        let line = if *line == 0 {
            String::new()
        } else {
            format!(" (line {line})")
        };
        match why {
            DropWhy::Requested => {
                let asker = self.gils.get(&(process, gil)).and_then(|gil| {
                    let end = gil.requests.partition_point(|request| request.at <= slice.end);
                    gil.requests
                        .get(..end)?
                        .last()
                        .filter(|request| request.at >= slice.start)
                        .copied()
                });
                let s = self.sentence();
                let s = match asker {
                    Some(asker) => s
                        .thread(asker.by)
                        .text(format!(" asked for it at {}; ", moment(asker.at))),
                    None => s.text("Another thread asked for it; "),
                };
                s.text(format!("it lets go at the next jump back or call{line}.")).words
            }
            DropWhy::Blocking => {
                self.sentence()
                    .text(format!("It lets go because it is about to wait{line}."))
                    .words
            }
            DropWhy::Ticks => {
                self.sentence()
                    .text(format!("It lets go when its ticks are used up{line}."))
                    .words
            }
            DropWhy::Finished => self.sentence().text("It lets go because it ends.").words,
        }
    }

    pub(crate) fn lock_card(
        &self,
        process: ProcessId,
        object: ObjectId,
        key: ThreadKey,
        row: u8,
    ) -> (Option<ThreadKey>, bool, String, Vec<Word>) {
        let name = self.people().object(process, object, "lock");
        let title = if row == 0 {
            format!("holds {name}")
        } else {
            format!("waits for {name}")
        };
        (Some(key), row == 0, title, Vec::new())
    }

    /// "61 % running, 39 % wants GIL".
    pub(crate) fn density_why(&self, density: &Density) -> Vec<Word> {
        let whole = density.shares.iter().map(|share| share.ns).sum();
        let mut shares = density.shares.clone();
        shares.sort_by_key(|share| (std::cmp::Reverse(share.ns), share.of));
        let mut s = self.sentence();
        for (n, share) in shares.iter().filter(|share| share.ns > 0).take(5).enumerate() {
            s = s
                .text(if n > 0 { ", " } else { "" })
                .text(percent(share.ns, whole))
                .text(" ");
            s = match share.of {
                ShareOf::Nobody => s.text("nobody"),
                ShareOf::State(class) => s.text(class.word()),
                ShareOf::Thread(key) => s.thread(key),
            };
        }
        s.text(".").words
    }
}
