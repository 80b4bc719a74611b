//! What a slice is called, and the hover card: who, what, how long, and why, in sentences.

use crate::format::{duration, from_to, moment, percent, seconds};
use crate::model::{LaneKey, SliceRef, Timeline};
use crate::track::{Slice, What};
use heddle_trace::{
    BlockReason, Density, DropWhy, EventKind, GilId, Nanos, ObjectId, ProcessId, ShareOf, ThreadKey, ThreadState, Trace,
};

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Words as they stand.
    Text(String),
    /// A thread, drawn as its chip.
    Thread {
        /// Which.
        key: ThreadKey,
        /// The chip's text.
        chip: String,
        /// Its hue.
        hue: u8,
    },
}

/// A hover card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The thread it is about.
    pub who: Option<Word>,
    /// Whether that thread runs (filled chip) or not (hollow chip).
    pub runs: bool,
    /// "waits for the GIL", "running", "blocked".
    pub title: String,
    /// "5.012 ms".
    pub duration: String,
    /// Why, in sentences.
    pub why: Vec<Word>,
    /// "25.936 → 30.948 ms".
    pub span: String,
}

impl Description {
    /// The reason as plain text.
    #[must_use]
    pub fn why_text(&self) -> String {
        plain(&self.why)
    }

    /// Everything as one line, for a live region.
    #[must_use]
    pub fn text(&self) -> String {
        let who = self
            .who
            .as_ref()
            .map(|who| plain(std::slice::from_ref(who)) + " ")
            .unwrap_or_default();
        let why = self.why_text();
        let end = if why.is_empty() { "." } else { ". " };
        format!("{who}{}, {}, {}{end}{why}", self.title, self.duration, self.span)
    }
}

fn plain(words: &[Word]) -> String {
    words
        .iter()
        .map(|word| match word {
            Word::Text(text) => text.as_str(),
            Word::Thread { chip, .. } => chip.as_str(),
        })
        .collect()
}

/// A sentence in the making.
struct Sentence<'a> {
    timeline: &'a Timeline,
    words: Vec<Word>,
}

impl Sentence<'_> {
    fn text(mut self, text: impl AsRef<str>) -> Self {
        match self.words.last_mut() {
            Some(Word::Text(last)) => last.push_str(text.as_ref()),
            _ => self.words.push(Word::Text(text.as_ref().to_owned())),
        }
        self
    }

    fn thread(mut self, key: ThreadKey) -> Self {
        self.words.push(self.timeline.word(key));
        self
    }

    /// "T1", "T1, then main", "T1, then main and 3 others".
    fn threads(mut self, keys: &[ThreadKey]) -> Self {
        for (n, key) in keys.iter().take(3).enumerate() {
            if n > 0 {
                self = self.text(", then ");
            }
            self = self.thread(*key);
        }
        if keys.len() > 3 {
            self.text(format!(" and {} others", keys.len() - 3))
        } else {
            self
        }
    }
}

impl Timeline {
    fn sentence(&self) -> Sentence<'_> {
        Sentence {
            timeline: self,
            words: Vec::new(),
        }
    }

    fn word(&self, key: ThreadKey) -> Word {
        Word::Thread {
            key,
            chip: self.people().chip(key),
            hue: self.people().hue(key),
        }
    }

    /// What stands written in a slice; `None` where its form says it all.
    #[must_use]
    pub fn slice_text(&self, trace: &Trace, lane: LaneKey, slice: &Slice) -> Option<String> {
        match (&slice.what, lane) {
            (What::Owned(key), _) => Some(self.people().chip(*key)),
            (What::State(ThreadState::Running { .. }), _) => self.lines(trace, slice),
            (What::State(ThreadState::Native { .. }), _) => label(trace, slice),
            (What::State(ThreadState::Blocked(reason)), LaneKey::Thread(key)) => {
                Some(self.wait_text(trace, key.process, slice, *reason))
            }
            _ => None,
        }
    }

    /// "lines 14–15".
    fn lines(&self, trace: &Trace, slice: &Slice) -> Option<String> {
        let (from, to) = match slice
            .run
            .and_then(|run| trace.events.get(run as usize))
            .map(|event| &event.kind)
        {
            Some(EventKind::Ran(run)) => (run.min_line, run.max_line),
            _ => match event_kind(trace, slice.event)? {
                EventKind::State { line, .. } => (*line, *line),
                _ => return None,
            },
        };
        match (from, to) {
            (0, _) => None,
            (a, b) if a == b => Some(format!("line {a}")),
            (a, b) => Some(format!("lines {a}\u{2013}{b}")),
        }
    }

    /// What a thread waits for, as written into its slice.
    fn wait_text(&self, trace: &Trace, process: ProcessId, slice: &Slice, reason: BlockReason) -> String {
        let name = label(trace, slice).unwrap_or_else(|| self.reason_text(process, slice, reason));
        let held = matches!(reason, BlockReason::Lock { .. } | BlockReason::RLock { .. });
        match reason
            .object()
            .filter(|_| held)
            .and_then(|object| self.holder(process, object, slice.start))
        {
            Some(holder) => format!("{name}, held by {}", self.people().chip(holder)),
            None => name,
        }
    }

    fn reason_text(&self, process: ProcessId, slice: &Slice, reason: BlockReason) -> String {
        use BlockReason as R;
        let object = |object: ObjectId, class: &str| self.people().object(process, object, class);
        let chip = |thread| self.people().chip(ThreadKey { process, thread });
        match reason {
            R::Lock { object: o } => object(o, "lock"),
            R::RLock { object: o } => object(o, "RLock"),
            R::Condition { object: o } => object(o, "condition"),
            R::Semaphore { object: o } | R::SharedSemaphore { object: o } => object(o, "semaphore"),
            R::Event { object: o } => object(o, "event"),
            R::Barrier { object: o } => object(o, "barrier"),
            R::QueueGet { object: o } => format!("{}.get()", object(o, "queue")),
            R::QueuePut { object: o } => format!("{}.put()", object(o, "queue")),
            R::QueueJoin { object: o } => format!("{}.join()", object(o, "queue")),
            R::Future { object: o } => format!("result of {}", object(o, "future")),
            R::ImportLock { object: o } => object(o, "import lock"),
            R::Join { thread } => format!("join({})", chip(thread)),
            R::ThreadStart { thread } => format!("waits for {} to start", chip(thread)),
            R::Sleep { until } => format!("sleep({})", seconds(until.saturating_sub(slice.start))),
            R::Read { fd } => format!("read {fd}"),
            R::Write { fd } => format!("write {fd}"),
            R::Accept { fd } => format!("accept {fd}"),
            R::Connect { fd } => format!("connect {fd}"),
            R::Select => "select".to_owned(),
            R::WaitPid { process: Some(pid) } => format!("waits for process {}", pid.0),
            R::WaitPid { process: None } => "waits for a child process".to_owned(),
            R::Signal => "waits for a signal".to_owned(),
            R::Shutdown => "the interpreter has ended".to_owned(),
        }
    }

    /// Who holds a lock at a moment.
    fn holder(&self, process: ProcessId, object: ObjectId, at: Nanos) -> Option<ThreadKey> {
        let held = &self.locks.get(&(process, object))?.held;
        match held.get(held.at(at)?)?.what {
            What::Owned(key) => Some(key),
            _ => None,
        }
    }

    /// Whether an event is a GIL drop that honours a request.
    pub(crate) fn forced_drop(&self, trace: &Trace, event: u32) -> bool {
        matches!(
            event_kind(trace, event),
            Some(EventKind::GilDrop {
                why: DropWhy::Requested,
                ..
            })
        )
    }

    /// The hover card of a slice.
    #[must_use]
    pub fn describe(&self, trace: &Trace, at: SliceRef) -> Option<Description> {
        let slice = self.slice(at)?;
        let (who, runs, title, why) = match (&slice.what, at.lane) {
            (What::State(state), LaneKey::Thread(key)) => {
                let runs = state.core().is_some();
                (
                    Some(key),
                    runs,
                    self.state_title(key, slice, *state),
                    self.state_why(trace, key, slice, *state, at.index),
                )
            }
            (What::Owned(key), LaneKey::Core(core)) => (
                Some(*key),
                true,
                format!("runs on core {core}"),
                self.core_why(trace, *key, slice),
            ),
            (What::Owned(key), LaneKey::GilHeld(process, gil)) => (
                Some(*key),
                true,
                "holds the GIL".to_owned(),
                self.held_why(trace, process, gil, slice),
            ),
            (What::Owned(key), LaneKey::GilWaiting(..)) => (
                Some(*key),
                false,
                "waits for the GIL".to_owned(),
                self.gil_why(trace, *key, slice),
            ),
            (What::Owned(key), LaneKey::Lock(process, object)) => self.lock_card(process, object, *key, at.row),
            (What::Density(density), lane) => {
                let who = if let LaneKey::Thread(key) = lane {
                    Some(key)
                } else {
                    None
                };
                (
                    who,
                    false,
                    format!("{} slices, folded", density.slices),
                    self.density_why(density),
                )
            }
            (What::Nobody, LaneKey::Core(core)) => (None, false, format!("core {core} is idle"), Vec::new()),
            (What::Nobody, LaneKey::GilHeld(..)) => (None, false, "nobody holds the GIL".to_owned(), Vec::new()),
            _ => return None,
        };
        Some(Description {
            who: who.map(|key| self.word(key)),
            runs,
            title,
            duration: duration(slice.length()),
            why,
            span: from_to(slice.start, slice.end),
        })
    }

    /// The card of a stretch in which slices are too narrow to tell apart.
    #[must_use]
    pub fn describe_many(&self, lane: LaneKey, row: u8, from: Nanos, to: Nanos) -> Option<Description> {
        let rows = self.rows(lane);
        let track = rows.get(usize::from(row))?;
        let (first, last) = (track.first_after(from), track.first_from(to));
        let mut sum = Density::empty(to);
        let mut add = |of, ns, slices| match sum
            .shares
            .iter_mut()
            .find(|share: &&mut heddle_trace::Share| share.of == of)
        {
            Some(share) => share.ns += ns,
            None => sum.shares.push(heddle_trace::Share { of, ns, slices }),
        };
        let mut count = 0u64;
        for slice in track.slices().get(first..last)? {
            match &slice.what {
                What::State(state) => add(ShareOf::State(state.class()), slice.length(), 1),
                What::Owned(key) => add(ShareOf::Thread(*key), slice.length(), 1),
                What::Nobody => add(ShareOf::Nobody, slice.length(), 1),
                What::Density(density) => {
                    count += density.slices.saturating_sub(1);
                    density
                        .shares
                        .iter()
                        .for_each(|share| add(share.of, share.ns, share.slices));
                }
            }
            count += 1;
        }
        sum.slices = count;
        Some(Description {
            who: if let LaneKey::Thread(key) = lane {
                Some(self.word(key))
            } else {
                None
            },
            runs: false,
            title: format!("{count} slices"),
            duration: duration(to.saturating_sub(from)),
            why: self.density_why(&sum),
            span: from_to(from, to),
        })
    }

    fn state_title(&self, key: ThreadKey, slice: &Slice, state: ThreadState) -> String {
        if self.is_dead(key, slice) {
            return "deadlocked".to_owned();
        }
        match state {
            ThreadState::Running { .. } => "running",
            ThreadState::Native { .. } => "in C code without the GIL",
            ThreadState::Ready => "ready, no core free",
            ThreadState::GilWait => "waits for the GIL",
            ThreadState::Finished => "finished",
            ThreadState::Blocked(BlockReason::Sleep { .. }) => "asleep",
            ThreadState::Blocked(reason) => match reason.class() {
                heddle_trace::StateClass::Io => "waits for input or output",
                heddle_trace::StateClass::Joining => "waits for another to finish",
                _ => "blocked",
            },
        }
        .to_owned()
    }

    /// Whether a slice is one that a deadlock keeps open for ever.
    fn is_dead(&self, key: ThreadKey, slice: &Slice) -> bool {
        self.deadlock
            .as_ref()
            .is_some_and(|(at, blocked)| slice.end >= *at && slice.end_event.is_none() && blocked.contains(&key))
    }

    fn state_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice, state: ThreadState, index: u32) -> Vec<Word> {
        match state {
            ThreadState::Running { core } => self.run_why(trace, key, slice, core.0, index),
            ThreadState::GilWait => self.gil_why(trace, key, slice),
            ThreadState::Ready => {
                let on_core = |track: &crate::track::Track| match track.get(track.at(slice.start)?)?.what {
                    What::Owned(key) => Some(key),
                    _ => None,
                };
                self.busy_why(&self.cores.values().filter_map(on_core).collect::<Vec<_>>())
            }
            ThreadState::Blocked(reason) => self.blocked_why(trace, key, slice, reason),
            ThreadState::Native { core } => self.sentence().text(format!("On core {}.", core.0)).words,
            ThreadState::Finished => Vec::new(),
        }
    }

    fn busy_why(&self, busy: &[ThreadKey]) -> Vec<Word> {
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

    fn run_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice, core: u16, index: u32) -> Vec<Word> {
        let function = match slice.run.and_then(|run| event_kind(trace, run)) {
            Some(EventKind::Ran(run)) => trace.text(run.function),
            _ => "",
        };
        let what = [function, self.lines(trace, slice).as_deref().unwrap_or("")].map(str::to_owned);
        let what: Vec<_> = what.into_iter().filter(|part| !part.is_empty()).collect();
        let place = format!("core {core}.");
        let s = self.sentence().text(if what.is_empty() {
            format!("On {place}")
        } else {
            format!("{}, on {place}", what.join(", "))
        });
        let after = self.threads.get(&key).and_then(|track| track.get(index as usize + 1));
        let next = after.filter(|next| next.start == slice.end).map(|next| &next.what);
        match next {
            Some(What::State(ThreadState::GilWait)) => match self.last_request(key.process, GilId(0), slice, key) {
                Some(by) => {
                    s.text(" It lets go of the GIL because ")
                        .thread(by)
                        .text(" asked for it.")
                        .words
                }
                None => s.words,
            },
            Some(What::State(ThreadState::Ready)) => s.text(" Then its time slice on the core is over.").words,
            Some(What::State(ThreadState::Blocked(reason))) => {
                let next = after
                    .map(|next| self.wait_text(trace, key.process, next, *reason))
                    .unwrap_or_default();
                s.text(format!(" Then it waits: {next}.")).words
            }
            _ => s.words,
        }
    }

    /// Who asked for the GIL last during a slice.
    fn last_request(&self, process: ProcessId, gil: GilId, slice: &Slice, not: ThreadKey) -> Option<ThreadKey> {
        let requests = &self.gils.get(&(process, gil))?.requests;
        let end = requests.partition_point(|request| request.at <= slice.end);
        let last = requests.get(..end)?.last()?;
        (last.at >= slice.start && last.by != not).then_some(last.by)
    }

    fn gil_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice) -> Vec<Word> {
        let Some(gil) = self.gils.get(&(key.process, GilId(0))) else {
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

    fn blocked_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice, reason: BlockReason) -> Vec<Word> {
        let what = self.wait_text(trace, key.process, slice, reason);
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
        if let BlockReason::Sleep { until } = reason {
            return s.text(format!(" It asked to sleep until {}.", moment(until))).words;
        }
        let Some(cause) = slice
            .end_event
            .and_then(|event| trace.events.get(event as usize))
            .and_then(|event| event.cause)
        else {
            return s.words;
        };
        let Some((who, at)) = self.arrows.place_of(cause).filter(|(who, _)| *who != key) else {
            return s.words;
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

    fn line_of(&self, trace: &Trace, slice: &Slice) -> String {
        match event_kind(trace, slice.event) {
            Some(EventKind::State { line, .. }) if *line > 0 => format!(" (line {line})"),
            _ => String::new(),
        }
    }

    fn core_why(&self, trace: &Trace, key: ThreadKey, slice: &Slice) -> Vec<Word> {
        let running = self
            .threads
            .get(&key)
            .and_then(|track| track.get(track.at(slice.start)?));
        let lines = running.and_then(|running| self.lines(trace, running));
        lines
            .map(|lines| self.sentence().text(lines).text(".").words)
            .unwrap_or_default()
    }

    fn held_why(&self, trace: &Trace, process: ProcessId, gil: GilId, slice: &Slice) -> Vec<Word> {
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

    fn lock_card(
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
    fn density_why(&self, density: &Density) -> Vec<Word> {
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

fn event_kind(trace: &Trace, index: u32) -> Option<&EventKind> {
    trace.events.get(index as usize).map(|event| &event.kind)
}

/// The VM's label of a slice's state, if it has one.
fn label(trace: &Trace, slice: &Slice) -> Option<String> {
    match event_kind(trace, slice.event)? {
        EventKind::State { label, .. } if !label.is_empty() => Some(trace.text(*label).to_owned()),
        _ => None,
    }
}
