//! A site: one process with everything that concerns it alone.
//!
//! It owns the image, the threads, the GIL, the wait queues, the timers and the cores it was granted, and runs by
//! itself until its grant is used up, a thread calls the kernel, nothing can happen any more, or it ends.
//!
//! The image runs ahead of the calendar: a slice goes to the next entry, and past it to the next switch point.
//! Entries in between are carried out first, then what the slice stopped for; so everything is recorded in order.
//! Whatever looks into the image meanwhile (a woken thread that tries to take a lock) waits until the calendar has
//! caught up with the image.

mod call_names;
mod calls;
mod dispatch;
mod exec;
mod fork;
mod gil;
mod interpreters;
mod parallel;
mod signals;
mod stops;
mod tasks;
mod thread;
mod ticks;
mod waits;

pub(crate) use gil::Gil;
pub(crate) use stops::Turn;
pub(crate) use thread::{Thread, Todo};

use crate::config::{Config, OsScheduler};
use crate::costs::Costs;
use crate::draws::Draws;
use crate::profile::HandOver;
use crate::queue::{Entry, Queue, Who};
use crate::record::Tape;
use crate::scheduler::{ChoicePoint, Reason, Scheduler};
use dispatch::Core;
use heddle_trace::{
    Between, BlockReason, CoreId, EventId, EventKind, Finish, Note, ObjectId, RunSummary, StringId, ThreadId,
    ThreadState,
};
use heddle_vm::contract::{
    HostLimit, Image, ImageEvent, ImageEventKind, MessageNote, ObjectIndex, Posix, Ran, Resume, Stop, ThreadIndex,
    Until,
};
use parallel::Beside;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use signals::Signals;
pub use ticks::Counters;
use waits::Waits;

/// A slice never runs longer than this at a time, so that the host can stop it, and so that the statistics learn which function it is in.
/// Invisible to the simulation.
const LONGEST_STRETCH_NS: u64 = 200_000;

/// What the hub allows a site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant {
    /// Up to this moment, ns.
    pub until_ns: u64,
    /// So much work of the host; being out of it changes nothing but when the site is called again.
    pub work: u64,
}

/// How far a site came, and why it stopped.
#[derive(Debug)]
pub(crate) struct Report {
    /// Everything before this moment has happened, ns.
    pub reached_ns: u64,
    /// Why it stopped.
    pub why: Why,
}

/// Why a site stopped.
#[derive(Debug)]
pub(crate) enum Why {
    /// The time of the grant is used up.
    Used,
    /// The host's work is used up.
    OutOfWork,
    /// It stands where somebody wants to look at it ([`Site::halt_ns`]).
    Halted,
    /// A thread calls the kernel, now.
    SystemCall { thread: ThreadIndex, call: Posix },
    /// Nothing happens before this moment (`None`: ever), unless the hub wakes a thread.
    Idle { until_ns: Option<u64> },
    /// It was stopped or goes on ([`Site::turned`]), now.
    Turned,
    /// The process is over.
    Ended { status: i32 },
    /// A limit of the host was reached inside the image.
    Limit(HostLimit),
}

/// What the hub says to a system call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// Here is the answer.
    Answer(Resume),
    /// What the thread found in shared memory, and how many bytes it touched; it has not let go of the GIL.
    Touched(Resume, u32),
    /// The thread sleeps in this call until the hub has one, or until this moment, ns ([`Site::expired`]).
    Block(BlockReason, Option<u64>, Posix),
}

/// A slice that was halted: when it began, ns, and how far it may go.
#[derive(Clone, Debug)]
struct Midway {
    from_ns: u64,
    until: Until,
}

/// One process at its place.
#[derive(Clone)]
pub(crate) struct Site<I> {
    pub pid: u32,
    /// What people call the program it runs.
    program: StringId,
    pub image: I,
    pub threads: Vec<Thread>,
    pub cores: Vec<Core>,
    /// By number: that of the main interpreter first.
    gils: Vec<Gil>,
    /// What another interpreter begins with.
    new_gil: Gil,
    /// The number of its first core among those of all computers.
    pub first_core: u16,
    /// The cores that it may use, and those of them that it is to give up, as bits: processes of one computer share its cores.
    pub mine: u64,
    give: u64,
    /// The signal that ended it.
    pub killed_by: Option<u8>,
    /// The signal that stopped it, until it goes on.
    stopped_by: Option<u8>,
    /// That it was stopped or goes on, until the hub has told its parent.
    pub turned: Option<Turn>,
    /// What the children that it has waited for have had; see [`Site::family_ns`].
    pub children_ns: (u64, u64),
    queue: Queue,
    waits: Waits,
    /// The thread that holds the GIL, stands on a core and executes bytecode; without a GIL, the one whose core is least far.
    runner: Option<ThreadIndex>,
    /// Without a GIL: the others that execute bytecode.
    beside: Vec<Beside>,
    /// How far the runner's image has come, ns. Ahead of `now` by a slice at most.
    clock: u64,
    /// The moment being dealt with, ns.
    pub now: u64,
    /// Why the runner stopped at `clock`.
    pending: Option<Stop>,
    /// The runner reads or writes shared memory now.
    touching: Option<(ThreadIndex, Posix)>,
    /// Whether the runner stands at a switch point.
    at_switch_point: bool,
    /// Whether the runner has executed anything since it got the GIL or its core.
    progressed: bool,
    ready: Vec<ThreadIndex>,
    /// Candidates of a choice; kept for its memory.
    scratch: Vec<ThreadIndex>,
    ready_count: u64,
    min_vruntime: u64,
    quantum_ns: u64,
    os: OsScheduler,
    hand_over: HandOver,
    costs: Costs,
    /// What has been counted.
    pub counters: Counters,
    scheduler: Box<dyn Scheduler>,
    choices: u64,
    draws: Draws,
    /// What the image has told and time has not reached yet.
    events: Vec<ImageEvent>,
    /// Objects whose names the trace knows.
    named: FxHashSet<u32>,
    /// Causes of what happens to tasks.
    tasks: tasks::TaskTrace,
    /// Threads that died of an exception.
    raised: FxHashSet<ThreadIndex>,
    /// Work of the host in the last call of [`Site::advance`].
    pub work: u64,
    /// Threads whose wait in the kernel has come to its deadline since the hub last looked.
    pub expired: Vec<ThreadIndex>,
    signals: Signals,
    ended: Option<i32>,
    limit: Option<HostLimit>,
    pub alive: u32,
    /// The exception that ended the main thread, in one line.
    pub uncaught: Option<String>,
    max_threads: u32,
    /// Where somebody wants to look at it, ns; else `u64::MAX`. See [`Until::halt_ns`].
    pub halt_ns: u64,
    /// The runner's slice, if it was halted.
    midway: Option<Midway>,
}

impl<I: Image> Site<I> {
    /// A process that is about to start; thread 0 becomes ready at once.
    pub fn new(pid: u32, image: I, config: &Config, scheduler: Box<dyn Scheduler>, tape: &mut Tape) -> Site<I> {
        let name = tape.intern(&config.program);
        tape.record(0, pid, 0, EventKind::ProcessStart { parent: None, name }, None);
        let mut site = Site {
            pid,
            program: name,
            image,
            threads: vec![Thread::new(false, 0)],
            cores: vec![Core::default(); usize::from(config.cores.clamp(1, 64))],
            gils: vec![Gil::new(&config.profile, config.switch_interval_ns)],
            new_gil: Gil::new(&config.profile, config.switch_interval_ns),
            first_core: 0,
            mine: u64::MAX,
            give: 0,
            killed_by: None,
            stopped_by: None,
            turned: None,
            children_ns: (0, 0),
            queue: Queue::default(),
            waits: Waits::default(),
            runner: None,
            beside: Vec::new(),
            clock: 0,
            now: 0,
            pending: None,
            touching: None,
            at_switch_point: false,
            progressed: false,
            ready: Vec::new(),
            scratch: Vec::new(),
            ready_count: 0,
            min_vruntime: 0,
            quantum_ns: config.quantum_ns.max(1_000),
            os: config.os,
            hand_over: config.profile.hand_over,
            costs: config.costs,
            counters: Counters::default(),
            scheduler,
            choices: 0,
            draws: Draws::new(config.seed, pid),
            events: Vec::new(),
            named: FxHashSet::default(),
            tasks: tasks::TaskTrace::default(),
            raised: FxHashSet::default(),
            work: 0,
            expired: Vec::new(),
            signals: Signals::default(),
            ended: None,
            limit: None,
            alive: 1,
            uncaught: None,
            max_threads: config.limits.threads.max(1),
            halt_ns: u64::MAX,
            midway: None,
        };
        for at in &config.interrupts {
            site.queue.push_first(*at, Who::Interrupt);
        }
        site.make_ready(0, None, tape);
        site
    }

    /// Its GILs, by number.
    pub fn gils(&self) -> &[Gil] {
        &self.gils
    }

    /// Who waits for an object, longest first.
    pub fn waiting_for(&self, object: ObjectIndex) -> &[ThreadIndex] {
        self.waits.of(object)
    }

    /// When anything can happen next in it, as far as it knows, ns: the next instruction of who runs, or the next entry of the calendar.
    pub fn next_ns(&mut self) -> Option<u64> {
        let runs = self.runner.is_some() || !self.beside.is_empty();
        let (threads, cores, signals) = (&self.threads, &self.cores, &self.signals);
        let entry = self.queue.peek(|entry| is_valid(entry, threads, cores, signals));
        let entry_ns = entry.map(|entry| entry.time_ns);
        let step_ns = runs.then(|| self.furthest_ns() + 1);
        entry_ns.into_iter().chain(step_ns).min()
    }

    /// Everything after this moment is still to come, ns: images run ahead of the calendar.
    pub fn furthest_ns(&self) -> u64 {
        let ahead = self.runner.map(|_| self.clock).into_iter().chain(self.beside_ns());
        ahead.max().unwrap_or(0).max(self.now)
    }

    /// Runs within the grant.
    pub fn advance(&mut self, grant: Grant, tape: &mut Tape) -> Report {
        self.work = 0;
        loop {
            if let Some(why) = self.over() {
                return Report {
                    reached_ns: self.now,
                    why,
                };
            }
            if let Some((thread, call)) = self.touching.take() {
                return Report {
                    reached_ns: self.now,
                    why: Why::SystemCall { thread, call },
                };
            }
            if self.work >= grant.work {
                return Report {
                    reached_ns: self.now,
                    why: Why::OutOfWork,
                };
            }
            if self.midway.is_some() {
                if self.clock >= self.halt_ns {
                    return self.halted();
                }
                self.go_on_midway(tape);
                continue;
            }
            self.pick_runner();
            let (threads, cores, signals) = (&self.threads, &self.cores, &self.signals);
            let next = self
                .queue
                .peek(|entry| is_valid(entry, threads, cores, signals))
                .map(|entry| entry.time_ns);
            if let Some(thread) = self.runner
                && next.is_none_or(|next| next > self.clock)
            {
                // What happens at the very moment has happened; the instruction that begins then has not.
                if self.clock > self.halt_ns || self.clock == self.halt_ns && self.pending.is_none() {
                    return self.halted();
                }
                if self.clock >= grant.until_ns && self.pending.is_none() {
                    self.now = self.now.max(grant.until_ns);
                    self.flush_events(self.now, tape);
                    return Report {
                        reached_ns: self.now,
                        why: Why::Used,
                    };
                }
                self.step_runner(thread, next.unwrap_or(u64::MAX).min(grant.until_ns), tape);
                continue;
            }
            self.work += 300;
            match next {
                Some(next) if next < grant.until_ns && next > self.halt_ns => return self.halted(),
                Some(next) if next < grant.until_ns => {
                    self.now = self.now.max(next);
                    if let Some(why) = self.step_calendar(tape) {
                        return Report {
                            reached_ns: self.now,
                            why,
                        };
                    }
                }
                until_ns => {
                    self.flush_events(self.now, tape);
                    return Report {
                        reached_ns: self.now,
                        why: Why::Idle { until_ns },
                    };
                }
            }
        }
    }

    /// Whether the process is over, and why.
    fn over(&self) -> Option<Why> {
        match (self.ended, self.limit) {
            (Some(status), _) => Some(Why::Ended { status }),
            (None, Some(limit)) => Some(Why::Limit(limit)),
            (None, None) => self.turned.map(|_| Why::Turned),
        }
    }

    /// The calendar has caught up with the runner: deal with its stop, or run it up to `next`.
    fn step_runner(&mut self, thread: ThreadIndex, next: u64, tape: &mut Tape) {
        if let Some(stop) = self.pending.take() {
            self.now = self.clock;
            self.flush_events(self.now, tape);
            self.work += 200;
            self.handle_stop(thread, stop, tape);
            return;
        }
        let requested = self.gil(thread).drop_request;
        let wanted = requested || self.preempted(thread);
        if wanted && self.at_switch_point && self.progressed {
            self.now = self.clock;
            self.flush_events(self.now, tape);
            if requested {
                self.forced_switch(thread, tape);
                return;
            }
            if self.preempt(thread, Todo::Run, tape) {
                return;
            }
        }
        let limit_ns = match (wanted, self.progressed) {
            (true, true) => self.clock,
            (true, false) => self.clock.saturating_add(1),
            (false, _) => {
                let beside = self.limit_beside();
                next.min(beside).min(self.clock.saturating_add(LONGEST_STRETCH_NS))
            }
        };
        if thread == 0 {
            self.signals_seen();
        }
        let ticks = self.ticks_wanted(thread);
        self.run_slice(
            thread,
            self.clock,
            Until {
                now_ns: self.clock,
                limit_ns,
                ticks,
                halt_ns: self.halt_ns,
                goes_on: false,
            },
            tape,
        );
    }

    fn halted(&self) -> Report {
        Report {
            reached_ns: self.now,
            why: Why::Halted,
        }
    }

    /// Goes on with a slice that was halted, as if it had not been: nothing else happens before its end.
    fn go_on_midway(&mut self, tape: &mut Tape) {
        let (Some(midway), Some(thread)) = (self.midway.take(), self.runner) else {
            return;
        };
        let until = Until {
            now_ns: self.clock,
            halt_ns: self.halt_ns,
            goes_on: true,
            ..midway.until
        };
        self.run_slice(thread, midway.from_ns, until, tape);
    }

    /// Runs a slice that began at this moment, ns, or the rest of it.
    fn run_slice(&mut self, thread: ThreadIndex, from_ns: u64, until: Until, tape: &mut Tape) {
        let Ran { now_ns, stop } = self.image.run(thread, until);
        debug_assert!(now_ns >= self.clock, "time runs backwards in thread {thread}");
        let now_ns = now_ns.max(self.clock);
        self.work += (now_ns - self.clock).saturating_add(100);
        self.clock = now_ns;
        if stop == Stop::Halt {
            self.midway = Some(Midway { from_ns, until });
            return;
        }
        let wanted = self.gil(thread).drop_request || self.preempted(thread);
        self.progressed |= now_ns > from_ns;
        if now_ns > from_ns {
            tape.spent(&self.image.here(thread), now_ns - from_ns);
        }
        self.image.drain_events(&mut self.events);
        if !self.beside.is_empty() {
            self.events.sort_by_key(|event| event.time_ns);
        }
        match stop {
            Stop::Limit => {
                self.at_switch_point = true;
                self.progressed |= wanted;
            }
            stop => {
                self.at_switch_point = false;
                self.pending = Some(stop);
            }
        }
    }

    /// Deals with the first entry of the calendar, which is due now.
    fn step_calendar(&mut self, tape: &mut Tape) -> Option<Why> {
        let entry = self.take_entry()?;
        self.flush_events(self.now, tape);
        match entry.who {
            Who::Core(core) => self.quantum_end(core, tape),
            Who::Timer(which) => self.timer_fired(which, tape),
            Who::Interrupt => self.ctrl_c(tape),
            Who::Thread(thread) => {
                self.cancel_timer(thread);
                match self.thread(thread).state {
                    ThreadState::GilWait => self.gil_timer(thread, tape),
                    ThreadState::Blocked(_) => self.deadline(thread, tape),
                    ThreadState::Finished => {}
                    ThreadState::Ready | ThreadState::Running { .. } | ThreadState::Native { .. } => {
                        return self.do_todo(thread, tape);
                    }
                }
            }
        }
        None
    }

    /// Takes the first entry; where several threads' timers fire at one moment, the scheduler says which.
    fn take_entry(&mut self) -> Option<Entry> {
        let first = self.queue.pop()?;
        if first.who == Who::Interrupt {
            return Some(first);
        }
        let mut tied: Vec<Entry> = Vec::new();
        loop {
            let (threads, cores, signals) = (&self.threads, &self.cores, &self.signals);
            match self.queue.peek(|entry| is_valid(entry, threads, cores, signals)) {
                Some(next) if next.time_ns == first.time_ns => {
                    self.queue.pop();
                    tied.push(next);
                }
                _ => break,
            }
        }
        if tied.is_empty() {
            return Some(first);
        }
        tied.insert(0, first);
        let candidates: Vec<ThreadIndex> = tied
            .iter()
            .map_while(|entry| match entry.who {
                Who::Thread(thread) => Some(thread),
                Who::Core(_) | Who::Timer(_) | Who::Interrupt => None,
            })
            .collect();
        let at = self.choose(Reason::Timer, &candidates);
        let chosen = tied.remove(at.min(tied.len() - 1));
        for entry in tied {
            self.queue.put_back(entry);
        }
        Some(chosen)
    }

    /// Asks the scheduler; no question where there is no choice.
    fn choose(&mut self, reason: Reason, candidates: &[ThreadIndex]) -> usize {
        if candidates.len() < 2 {
            return 0;
        }
        let at = ChoicePoint {
            pid: self.pid,
            index: self.choices,
            reason,
            now_ns: self.now,
        };
        self.choices += 1;
        self.scheduler.choose(at, candidates).min(candidates.len() - 1)
    }

    /// The thread, on its core with the GIL, executes bytecode from now on.
    fn begin_bytecode(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let line = self.image.here(thread).line;
        let entry = self.thread(thread);
        let cause = entry.cause.take();
        entry.todo = Todo::Run;
        entry.first_line = line;
        let first = !std::mem::replace(&mut entry.started, true);
        if let Some(core) = entry.core {
            self.set_state(thread, ThreadState::Running { core }, cause, tape);
        }
        if first {
            tape.record(self.now, self.pid, thread, EventKind::ThreadStarted, None);
        }
        self.park_runner();
        self.runner = Some(thread);
        self.clock = self.now;
        self.at_switch_point = false;
        self.progressed = false;
    }

    /// The thread's bytecode slice ends now; says where it ran. To be followed by a new state.
    fn end_slice(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let here = self.image.here(thread);
        let (function, file) = (tape.intern(here.function), tape.intern(here.file));
        let (last, first) = (here.line, self.threads.get(thread as usize).map_or(0, |t| t.first_line));
        let first = if first == 0 { last } else { first };
        let summary = RunSummary {
            function,
            file,
            first_line: first,
            last_line: last,
            min_line: first.min(last),
            max_line: first.max(last),
        };
        tape.record(self.now, self.pid, thread, EventKind::Ran(summary), None);
    }

    /// Enters a state and records it.
    fn set_state(&mut self, thread: ThreadIndex, state: ThreadState, cause: Option<EventId>, tape: &mut Tape) {
        let line = match state {
            ThreadState::Finished => 0,
            _ => self.image.here(thread).line,
        };
        self.enter_state(thread, state, (StringId::EMPTY, line), cause, tape);
    }

    /// The same with what a person calls it, and the line.
    fn enter_state(
        &mut self,
        thread: ThreadIndex,
        state: ThreadState,
        (label, line): (StringId, u32),
        cause: Option<EventId>,
        tape: &mut Tape,
    ) {
        self.thread(thread).state = state;
        let state = match state {
            ThreadState::Running { core } => ThreadState::Running {
                core: CoreId(core.0 + self.first_core),
            },
            ThreadState::Native { core } => ThreadState::Native {
                core: CoreId(core.0 + self.first_core),
            },
            other => other,
        };
        tape.record(
            self.now,
            self.pid,
            thread,
            EventKind::State { state, label, line },
            cause,
        );
    }

    /// A thread of this process. Indices inside the site are valid from the thread's start on.
    fn thread(&mut self, thread: ThreadIndex) -> &mut Thread {
        &mut self.threads[thread as usize]
    }

    /// Wakes the thread's calendar entry at this moment; an earlier one is cancelled.
    fn set_timer(&mut self, thread: ThreadIndex, time_ns: u64) {
        let entry = self.thread(thread);
        entry.ticket = entry.ticket.wrapping_add(1);
        let ticket = entry.ticket;
        self.queue.push(time_ns, Who::Thread(thread), ticket);
    }

    /// Cancels what stands in the calendar for the thread.
    fn cancel_timer(&mut self, thread: ThreadIndex) {
        let entry = self.thread(thread);
        entry.ticket = entry.ticket.wrapping_add(1);
    }

    /// Records what the image told up to this moment.
    fn flush_events(&mut self, until_ns: u64, tape: &mut Tape) {
        let due = self.events.partition_point(|event| event.time_ns <= until_ns);
        if due == 0 {
            return;
        }
        let events = std::mem::take(&mut self.events);
        for event in events.iter().take(due) {
            self.record_image_event(event, tape);
        }
        self.events = events;
        self.events.drain(..due);
    }

    fn record_image_event(&mut self, event: &ImageEvent, tape: &mut Tape) {
        let (time, pid, thread) = (event.time_ns, self.pid, event.thread);
        match &event.kind {
            ImageEventKind::Acquired { object } => {
                tape.record(
                    time,
                    pid,
                    thread,
                    EventKind::LockAcquire {
                        object: ObjectId(*object),
                    },
                    None,
                );
            }
            ImageEventKind::Released { object } => {
                tape.record(
                    time,
                    pid,
                    thread,
                    EventKind::LockRelease {
                        object: ObjectId(*object),
                    },
                    None,
                );
            }
            ImageEventKind::Named { object, class, name } => {
                self.named.insert(*object);
                tape.object_named(time, pid, thread, *object, (*class, name));
            }
            ImageEventKind::ThreadNamed { thread: named, name } => {
                let target = name
                    .rsplit_once(" (")
                    .and_then(|(_, rest)| rest.strip_suffix(')'))
                    .unwrap_or("");
                let (name, target) = (tape.intern(name), tape.intern(target));
                tape.record(time, pid, *named, EventKind::ThreadRenamed { name, target }, None);
            }
            ImageEventKind::Task(note) => self.tasks.record(time, pid, thread, note, tape),
            ImageEventKind::Message(note) => {
                let between = match &**note {
                    MessageNote::Sends { bytes, text, name } => Between::Sends {
                        bytes: *bytes,
                        text: tape.intern(text),
                        name: tape.intern(name),
                    },
                    MessageNote::Receives { name } => Between::Receives {
                        name: tape.intern(name),
                    },
                    MessageNote::Pickled { ns, text, loads } => Between::Pickled {
                        ns: *ns,
                        text: tape.intern(text),
                        loads: *loads,
                    },
                };
                tape.record(time, pid, thread, EventKind::Between(between), None);
            }
            ImageEventKind::Uncaught { summary } => {
                self.raised.insert(thread);
                if thread == 0 {
                    self.uncaught = Some(summary.clone());
                }
                tape.note(time, pid, thread, Note::UncaughtException, summary);
            }
        }
    }

    /// Everything the image still has to tell.
    pub fn flush_all(&mut self, tape: &mut Tape) {
        self.image.drain_events(&mut self.events);
        self.flush_events(u64::MAX, tape);
    }

    /// The thread is over.
    fn finish_thread(&mut self, thread: ThreadIndex, how: Finish, tape: &mut Tape) {
        let how = if self.raised.remove(&thread) {
            Finish::Raised
        } else {
            how
        };
        self.cancel_timer(thread);
        self.alive = self.alive.saturating_sub(1);
        tape.record(self.now, self.pid, thread, EventKind::ThreadFinished { how }, None);
        self.set_state(thread, ThreadState::Finished, None, tape);
        self.thread(thread).wait = None;
    }

    /// The threads that have not ended, with their records.
    pub fn living(&self) -> impl Iterator<Item = (ThreadIndex, &Thread)> + Clone {
        let all = self
            .threads
            .iter()
            .enumerate()
            .map(|(at, thread)| (at as ThreadIndex, thread));
        all.filter(|(_, thread)| thread.state != ThreadState::Finished)
    }

    /// What is wrong with the schedule, if anything.
    pub fn complaint(&self) -> Option<String> {
        self.scheduler.complaint()
    }

    /// Records the creation of a thread.
    fn record_created(&mut self, by: ThreadIndex, thread: ThreadIndex, daemon: bool, tape: &mut Tape) -> EventId {
        let name = self.image.thread_name(thread);
        let name = tape.intern(&name);
        let kind = EventKind::ThreadCreated {
            by: Some(ThreadId(by)),
            name,
            daemon,
        };
        tape.record(self.now, self.pid, thread, kind, None)
    }
}

/// Whether an entry's owner still waits for it.
fn is_valid(entry: &Entry, threads: &[Thread], cores: &[Core], signals: &Signals) -> bool {
    match entry.who {
        Who::Interrupt => true,
        Who::Timer(which) => signals.is_armed(which, entry.ticket),
        Who::Thread(thread) => threads
            .get(thread as usize)
            .is_some_and(|thread| thread.ticket == entry.ticket),
        Who::Core(core) => cores
            .get(usize::from(core))
            .is_some_and(|core| core.ticket == entry.ticket && core.armed),
    }
}
