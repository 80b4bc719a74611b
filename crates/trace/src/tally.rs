//! Sums over a run, taken while it is recorded: nothing that folding or the trace's budget leaves out is missing.
//!
//! Memory grows with what a run waits for, not with its length. Threads alive are kept one by one (the host limits them), of those that are over the
//! first [`ENDED`]; of objects those that somebody waited for or holds, and others up to about [`OBJECTS`]; the rest is added up in one row each.
//!
//! # Speed-up and Amdahl's bound
//!
//! A thread *wants to run* while it runs (bytecode or C code), is ready for a core, or waits for the GIL. It does not while it sleeps, waits for
//! input, a lock, another thread.
//!
//! - *work*: CPU time of all threads, less what contention cost them (Python 2's signals and failed attempts);
//! - *idle*: time in which no thread wants to run;
//! - *sequential time* = work + idle: what one core takes that never switches between threads that contend;
//! - *speed-up* = sequential time / elapsed time;
//! - *parallel part*: the work done while at least two threads wanted to run; the *serial part* is the rest of the sequential time;
//! - *Amdahl's bound* for n cores = sequential / (serial + parallel / n) (G. Amdahl, AFIPS 1967); without end of cores, sequential / serial.
//!
//! So the bound is that of the program as it ran: what it would gain from n cores if neither GIL nor cores were scarce. No speed-up is above it.

use crate::between::Between;
use crate::event::{DropWhy, Event, EventKind, ObjectClass, Switch};
use crate::ids::{CoreId, GilId, Nanos, ObjectId, ProcessId, StringId, ThreadKey};
use crate::state::{StateClass, ThreadState};
use crate::stats::{
    CoreStats, GilStats, LockStats, OTHERS, ProcessStats, Speed, Stats, Sums, SystemCalls, ThreadStats, Totals, Waited,
};
use crate::strings::StringTable;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// How many threads that are over are kept one by one.
const ENDED: usize = 4_096;
/// How many objects are kept one by one when those that nobody waited for are put together.
const OBJECTS: usize = 4_096;
/// How many different objects a thread's waits are told apart by.
const WAITS: usize = 128;

/// Something that is counted and is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// A system call of this name.
    Call(&'static str),
    /// An attempt to take the GIL, or the lock the thread was woken for, that found it taken.
    Failed,
    /// CPU time that only contention cost, ns.
    Contention(Nanos),
}

/// The waits of a thread for one object: how long, how often.
#[derive(Clone, Copy, Debug)]
struct Wait {
    object: ObjectId,
    ns: Nanos,
    times: u64,
}

/// A thread's sums.
#[derive(Clone, Debug, Default)]
struct OfThread {
    name: StringId,
    is_main: bool,
    /// The state it is in, and since when.
    state: Option<(ThreadState, Nanos)>,
    /// The GIL it holds, since when.
    gil_since: Option<Nanos>,
    sums: Sums,
    waits: Vec<Wait>,
    /// Waits for more objects than [`WAITS`].
    other_waits: (Nanos, u64),
    calls: Vec<(&'static str, u64)>,
}

impl OfThread {
    /// Adds up to the moment `now` what it is in the middle of.
    fn close(&mut self, now: Nanos) {
        if let Some((state, since)) = self.state {
            self.spend(state, now.saturating_sub(since));
            self.state = Some((state, now));
        }
        if let Some(since) = self.gil_since {
            self.sums.gil_ns += now.saturating_sub(since);
            self.gil_since = Some(now);
        }
    }

    fn spend(&mut self, state: ThreadState, ns: Nanos) {
        if let Some(total) = self.sums.times_ns.get_mut(state.class().index()) {
            *total += ns;
        }
        let ThreadState::Blocked(reason) = state else { return };
        let Some(object) = reason.object() else { return };
        match self.waits.iter_mut().find(|wait| wait.object == object) {
            Some(wait) => wait.ns += ns,
            None => self.other_waits.0 += ns,
        }
    }

    /// It begins to wait for an object.
    fn wait(&mut self, object: ObjectId) {
        let room = self.waits.len() < WAITS;
        match self.waits.iter_mut().find(|wait| wait.object == object) {
            Some(wait) => wait.times += 1,
            None if room => self.waits.push(Wait {
                object,
                ns: 0,
                times: 1,
            }),
            None => self.other_waits.1 += 1,
        }
    }

    fn call(&mut self, name: &'static str, count: u64) {
        match self.calls.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known += count,
            None => self.calls.push((name, count)),
        }
    }

    /// Adds the sums of another thread, which is over.
    fn absorb(&mut self, other: &OfThread) {
        self.sums.add(&other.sums);
        for (name, count) in &other.calls {
            self.call(name, *count);
        }
        self.other_waits.0 += other.other_waits.0;
        self.other_waits.1 += other.other_waits.1;
        for wait in &other.waits {
            let room = self.waits.len() < WAITS;
            match self.waits.iter_mut().find(|known| known.object == wait.object) {
                Some(known) => {
                    known.ns += wait.ns;
                    known.times += wait.times;
                }
                None if room => self.waits.push(*wait),
                None => {
                    self.other_waits.0 += wait.ns;
                    self.other_waits.1 += wait.times;
                }
            }
        }
    }

    fn totals(&self, process: ProcessId, names: &impl Fn(ProcessId, ObjectId) -> String) -> Totals {
        let mut waits: Vec<Waited> = self
            .waits
            .iter()
            .map(|wait| Waited {
                process: process.0,
                object: wait.object.0,
                name: names(process, wait.object),
                ns: wait.ns,
                times: wait.times,
            })
            .collect();
        if self.other_waits.1 > 0 {
            let (ns, times) = self.other_waits;
            waits.push(Waited {
                process: process.0,
                object: OTHERS,
                name: "other objects".to_owned(),
                ns,
                times,
            });
        }
        let calls = self.calls.iter().map(|(name, count)| SystemCalls {
            name: (*name).to_owned(),
            count: *count,
        });
        let mut totals = Totals {
            sums: self.sums,
            waits,
            calls: calls.collect(),
        };
        totals.order();
        totals
    }
}

/// An object's sums.
#[derive(Clone, Copy, Debug, Default)]
struct OfObject {
    name: StringId,
    class: Option<ObjectClass>,
    since: Option<Nanos>,
    held_ns: Nanos,
    acquired: u64,
    waited_ns: Nanos,
    waits: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct OfGil {
    since: Option<Nanos>,
    held_ns: Nanos,
    takes: u64,
    forced: u64,
    voluntary: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct OfCore {
    busy_ns: Nanos,
    /// Who is on it, since when.
    current: Option<(ThreadKey, Nanos)>,
    last: Option<ThreadKey>,
    switches: u64,
}

/// How much work was done while how many threads wanted to run.
#[derive(Clone, Copy, Debug, Default)]
struct Demand {
    now: Nanos,
    wanting: u64,
    on_cores: u64,
    idle_ns: Nanos,
    serial_ns: Nanos,
    parallel_ns: Nanos,
}

impl Demand {
    fn advance(&mut self, now: Nanos) {
        let ns = now.saturating_sub(self.now);
        if ns == 0 {
            return;
        }
        self.now = now;
        let work = ns.saturating_mul(self.on_cores);
        match self.wanting {
            0 => self.idle_ns += ns,
            1 => self.serial_ns += work,
            _ => self.parallel_ns += work,
        }
    }
}

fn wants_to_run(state: ThreadState) -> bool {
    matches!(
        state.class(),
        StateClass::Running | StateClass::Native | StateClass::Ready | StateClass::GilWait
    )
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Looked up; iterated after sorting, or where sums are added to in any order.
    slots: FxHashMap<ThreadKey, u32>,
    threads: Vec<OfThread>,
    free: Vec<u32>,
    last: Option<(ThreadKey, u32)>,
    /// Threads of each process that are over and not kept one by one: how many, and their sums.
    ended: BTreeMap<ProcessId, (u64, OfThread)>,
    kept: usize,
    processes: BTreeMap<ProcessId, StringId>,
    objects: FxHashMap<(ProcessId, ObjectId), OfObject>,
    objects_limit: usize,
    /// Objects not kept one by one: how many, and their sums.
    other_objects: BTreeMap<ProcessId, (u64, OfObject)>,
    gils: BTreeMap<(ProcessId, GilId), OfGil>,
    cores: Vec<OfCore>,
    demand: Demand,
}

impl Tally {
    /// Counts something that is no event.
    pub fn count(&mut self, key: ThreadKey, what: Count) {
        let thread = self.thread(key);
        match what {
            Count::Call(name) => thread.call(name, 1),
            Count::Failed => thread.sums.failed += 1,
            Count::Contention(ns) => thread.sums.contended_ns += ns,
        }
    }

    /// Adds an event; times never fall.
    pub fn add(&mut self, event: &Event) {
        let (key, now) = (event.key(), event.time);
        match &event.kind {
            EventKind::State { state, .. } => self.state(key, *state, now),
            EventKind::GilTake { gil } => {
                self.thread(key).gil_since = Some(now);
                let entry = self.gils.entry((key.process, *gil)).or_default();
                entry.takes += 1;
                entry.since = Some(now);
            }
            EventKind::GilDrop { gil, why, .. } => self.gil_drop(key, *gil, *why, now),
            EventKind::GilRequest { .. } => self.thread(key).sums.requests += 1,
            EventKind::Between(Between::Sends { bytes, .. }) => {
                let sums = &mut self.thread(key).sums;
                sums.messages += 1;
                sums.message_bytes = sums.message_bytes.saturating_add(*bytes);
            }
            EventKind::LockAcquire { object } => {
                let entry = self.object(key.process, *object);
                entry.acquired += 1;
                entry.since = Some(now);
            }
            EventKind::LockRelease { object } => {
                let entry = self.object(key.process, *object);
                if let Some(since) = entry.since.take() {
                    entry.held_ns += now.saturating_sub(since);
                }
            }
            EventKind::ObjectNamed { object, class, name } => {
                let entry = self.object(key.process, *object);
                entry.class = Some(*class);
                entry.name = *name;
            }
            EventKind::ProcessStart { name, .. } => {
                self.processes.insert(key.process, *name);
                self.thread(key).is_main = true;
            }
            EventKind::Exec { program } => {
                self.processes.insert(key.process, *program);
            }
            EventKind::ThreadCreated { name, .. } | EventKind::ThreadRenamed { name, .. } if !name.is_empty() => {
                self.thread(key).name = *name;
            }
            _ => {}
        }
    }

    fn gil_drop(&mut self, key: ThreadKey, gil: GilId, why: DropWhy, now: Nanos) {
        let thread = self.thread(key);
        if let Some(since) = thread.gil_since.take() {
            thread.sums.gil_ns += now.saturating_sub(since);
        }
        let entry = self.gils.entry((key.process, gil)).or_default();
        if let Some(since) = entry.since.take() {
            entry.held_ns += now.saturating_sub(since);
        }
        match why.switch() {
            Switch::Forced => entry.forced += 1,
            Switch::Voluntary => entry.voluntary += 1,
        }
    }

    fn thread(&mut self, key: ThreadKey) -> &mut OfThread {
        let slot = match self.last {
            Some((last, slot)) if last == key => slot,
            _ => {
                let slot = match self.slots.get(&key) {
                    Some(slot) => *slot,
                    None => self.new_slot(key),
                };
                self.last = Some((key, slot));
                slot
            }
        };
        &mut self.threads[slot as usize]
    }

    fn new_slot(&mut self, key: ThreadKey) -> u32 {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.threads.push(OfThread::default());
                u32::try_from(self.threads.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.slots.insert(key, slot);
        slot
    }

    /// An object's sums; those of objects that nobody waits for or holds make room when there are too many.
    fn object(&mut self, process: ProcessId, object: ObjectId) -> &mut OfObject {
        let limit = self.objects_limit.max(OBJECTS);
        if self.objects.len() >= limit && !self.objects.contains_key(&(process, object)) {
            let mut dull: Vec<_> = self
                .objects
                .iter()
                .filter(|(_, one)| one.since.is_none() && one.waits == 0)
                .map(|(key, _)| *key)
                .collect();
            dull.sort_unstable();
            for key in dull {
                if let Some(one) = self.objects.remove(&key) {
                    let (count, sums) = self.other_objects.entry(key.0).or_default();
                    *count += 1;
                    sums.held_ns += one.held_ns;
                    sums.acquired += one.acquired;
                }
            }
            // Where most are of interest, room is made less often.
            self.objects_limit = (self.objects.len() * 2).max(OBJECTS);
        }
        self.objects.entry((process, object)).or_default()
    }

    fn state(&mut self, key: ThreadKey, state: ThreadState, now: Nanos) {
        self.demand.advance(now);
        let thread = self.thread(key);
        let before = thread.state.map(|(state, _)| state);
        let mut waited = None;
        if let Some((old, since)) = thread.state {
            let ns = now.saturating_sub(since);
            thread.spend(old, ns);
            if let ThreadState::Blocked(reason) = old {
                waited = reason.object().map(|object| (object, ns));
            }
        }
        let was_running = matches!(before, Some(ThreadState::Running { .. }));
        match state.class().switch_from_running().filter(|_| was_running) {
            Some(Switch::Forced) => thread.sums.forced += 1,
            Some(Switch::Voluntary) => thread.sums.voluntary += 1,
            None => {}
        }
        thread.state = Some((state, now));
        if let ThreadState::Blocked(reason) = state
            && let Some(object) = reason.object()
        {
            thread.wait(object);
            self.object(key.process, object).waits += 1;
        }
        if let Some((object, ns)) = waited {
            self.object(key.process, object).waited_ns += ns;
        }
        let wants = |state: Option<ThreadState>| u64::from(state.is_some_and(wants_to_run));
        let on_core = |state: Option<ThreadState>| u64::from(state.is_some_and(|state| state.core().is_some()));
        let demand = &mut self.demand;
        demand.wanting = (demand.wanting + wants(Some(state))).saturating_sub(wants(before));
        demand.on_cores = (demand.on_cores + on_core(Some(state))).saturating_sub(on_core(before));
        self.occupy(key, before.and_then(ThreadState::core), state.core(), now);
        if state == ThreadState::Finished {
            self.ended(key);
        }
    }

    /// The thread moves from a core to another one.
    fn occupy(&mut self, key: ThreadKey, before: Option<CoreId>, after: Option<CoreId>, now: Nanos) {
        if before == after {
            return;
        }
        if let Some(core) = before
            && let Some(place) = self.cores.get_mut(usize::from(core.0))
            && let Some((_, since)) = place.current.take_if(|(who, _)| *who == key)
        {
            place.busy_ns += now.saturating_sub(since);
        }
        if let Some(core) = after {
            let at = usize::from(core.0);
            if self.cores.len() <= at {
                self.cores.resize(at + 1, OfCore::default());
            }
            if let Some(place) = self.cores.get_mut(at) {
                place.switches += u64::from(place.last != Some(key));
                place.last = Some(key);
                place.current = Some((key, now));
            }
        }
    }

    /// The thread is over: its place may be needed.
    fn ended(&mut self, key: ThreadKey) {
        self.kept += 1;
        if self.kept <= ENDED {
            return;
        }
        let Some(slot) = self.slots.remove(&key) else { return };
        self.last = None;
        let Some(place) = self.threads.get_mut(slot as usize) else {
            return;
        };
        let thread = std::mem::take(place);
        self.free.push(slot);
        let (count, sums) = self.ended.entry(key.process).or_default();
        *count += 1;
        sums.absorb(&thread);
    }

    /// The statistics up to the moment `end`, on a machine of so many cores.
    pub fn stats(&self, strings: &StringTable, end: Nanos, cores: u16) -> Stats {
        let name_of = |process: ProcessId, object: ObjectId| {
            let known = self.objects.get(&(process, object)).copied().unwrap_or_default();
            object_name(strings, &known, object)
        };
        let mut stats = Stats {
            elapsed_ns: end,
            threads: self.thread_rows(strings, end, &name_of),
            gils: self.gil_rows(end),
            locks: self.lock_rows(strings, end),
            cores: self.core_rows(end, cores),
            ..Stats::default()
        };
        for (process, name) in &self.processes {
            let mut row = ProcessStats {
                process: process.0,
                name: strings.get(*name).to_owned(),
                ..ProcessStats::default()
            };
            for thread in stats.threads.iter().filter(|thread| thread.process == process.0) {
                row.threads += thread.stands_for.max(1);
                row.totals.add(&thread.totals);
            }
            row.totals.order();
            stats.totals.add(&row.totals);
            stats.processes.push(row);
        }
        stats.totals.order();
        let mut demand = self.demand;
        demand.advance(end);
        // Contention is between threads that want to run at one time, so it was counted there.
        let contended = stats.totals.sums.contended_ns;
        let parallel_ns = demand.parallel_ns.saturating_sub(contended);
        stats.speed = Some(Speed {
            idle_ns: demand.idle_ns,
            serial_ns: demand.serial_ns,
            parallel_ns,
            elapsed_ns: end,
        });
        stats
    }

    fn thread_rows(
        &self,
        strings: &StringTable,
        end: Nanos,
        names: &impl Fn(ProcessId, ObjectId) -> String,
    ) -> Vec<ThreadStats> {
        let mut keys: Vec<_> = self.slots.iter().map(|(key, slot)| (*key, *slot)).collect();
        keys.sort_unstable();
        let mut rows = Vec::with_capacity(keys.len());
        for (key, slot) in keys {
            let Some(thread) = self.threads.get(slot as usize) else {
                continue;
            };
            let mut thread = thread.clone();
            thread.close(end);
            let name = match strings.get(thread.name) {
                "" if thread.is_main => "MainThread".to_owned(),
                "" => format!("thread {}", key.thread.0),
                name => name.to_owned(),
            };
            rows.push(ThreadStats {
                process: key.process.0,
                thread: key.thread.0,
                name,
                stands_for: 1,
                totals: thread.totals(key.process, names),
            });
        }
        for (process, (count, sums)) in &self.ended {
            rows.push(ThreadStats {
                process: process.0,
                thread: OTHERS,
                name: format!("{count} other threads"),
                stands_for: *count,
                totals: sums.totals(*process, names),
            });
        }
        rows
    }

    fn gil_rows(&self, end: Nanos) -> Vec<GilStats> {
        let row = |(&(process, gil), one): (&(ProcessId, GilId), &OfGil)| {
            let held_ns = one.held_ns + one.since.map_or(0, |since| end.saturating_sub(since));
            GilStats {
                process: process.0,
                gil: gil.0,
                held_ns,
                free_ns: end.saturating_sub(held_ns),
                takes: one.takes,
                forced: one.forced,
                voluntary: one.voluntary,
            }
        };
        self.gils.iter().map(row).collect()
    }

    fn lock_rows(&self, strings: &StringTable, end: Nanos) -> Vec<LockStats> {
        let mut objects: Vec<_> = self.objects.iter().map(|(key, one)| (*key, *one)).collect();
        objects.retain(|(_, one)| one.acquired + one.waits > 0);
        objects.sort_unstable_by_key(|(key, _)| *key);
        let row = |process: ProcessId, object: u32, name: String, one: &OfObject| LockStats {
            process: process.0,
            object,
            name,
            named: one.name != StringId::EMPTY,
            held_ns: one.held_ns + one.since.map_or(0, |since| end.saturating_sub(since)),
            acquired: one.acquired,
            waited_ns: one.waited_ns,
            waits: one.waits,
        };
        let mut rows: Vec<LockStats> = objects
            .iter()
            .map(|((process, object), one)| row(*process, object.0, object_name(strings, one, *object), one))
            .collect();
        // Waits that have not ended.
        for (key, slot) in &self.slots {
            if let Some((ThreadState::Blocked(reason), since)) =
                self.threads.get(*slot as usize).and_then(|thread| thread.state)
                && let Some(object) = reason.object()
                && let Some(row) = rows
                    .iter_mut()
                    .find(|row| (row.process, row.object) == (key.process.0, object.0))
            {
                row.waited_ns += end.saturating_sub(since);
            }
        }
        for (process, (count, sums)) in &self.other_objects {
            rows.push(row(*process, OTHERS, format!("{count} other objects"), sums));
        }
        rows
    }

    fn core_rows(&self, end: Nanos, cores: u16) -> Vec<CoreStats> {
        let known = u16::try_from(self.cores.len()).unwrap_or(u16::MAX);
        let row = |core: u16| {
            let one = self.cores.get(usize::from(core)).copied().unwrap_or_default();
            let busy_ns = one.busy_ns + one.current.map_or(0, |(_, since)| end.saturating_sub(since));
            CoreStats {
                core,
                busy_ns,
                idle_ns: end.saturating_sub(busy_ns),
                switches: one.switches,
            }
        };
        (0..known.max(cores)).map(row).collect()
    }
}

fn object_name(strings: &StringTable, object: &OfObject, number: ObjectId) -> String {
    match (strings.get(object.name), object.class) {
        ("", Some(class)) => format!("{} {}", class.word(), number.0),
        ("", None) => format!("lock {}", number.0),
        (name, _) => name.to_owned(),
    }
}
