//! A process among others on its computer: how it is copied, and how cores come and go.

use super::dispatch::Core;
use super::thread::Thread;
use super::waits::Waits;
use super::{Counters, Site};
use crate::record::Tape;
use heddle_trace::{EventId, EventKind, ProcessId, ThreadState};
use heddle_vm::contract::{Image, ThreadIndex};

impl<I: Image> Site<I> {
    /// A copy of the process with this thread alone, as its main one, ready to go on by what this event tells of; it has no core yet. The image may be ahead of this moment by a slice
    /// of another thread, whose work up to there the copy has too.
    pub fn fork(&self, thread: ThreadIndex, pid: u32, forked: EventId, tape: &mut Tape) -> Site<I> {
        let mut threads: Vec<Thread> = self.threads.iter().map(|_| ended()).collect();
        if let (Some(copy), Some(old)) = (threads.first_mut(), self.threads.get(thread as usize)) {
            *copy = Thread {
                nice: old.nice,
                mask: old.mask,
                ..Thread::new(false, old.vruntime_ns)
            };
        }
        let free = Core {
            idle_since_ns: self.now,
            ..Core::default()
        };
        let mut child = Site {
            pid,
            threads,
            cores: vec![free; self.cores.len()],
            mine: 0,
            give: 0,
            killed_by: None,
            stopped_by: None,
            turned: None,
            children_ns: (0, 0),
            gils: vec![self.new_gil.clone()],
            queue: self.queue.fork(),
            waits: Waits::default(),
            runner: None,
            beside: Vec::new(),
            clock: self.now,
            pending: None,
            touching: None,
            ready: Vec::new(),
            scratch: Vec::new(),
            counters: Counters::default(),
            scheduler: self.scheduler.share(),
            choices: 0,
            draws: self.draws.fork(pid),
            events: Vec::new(),
            named: Default::default(),
            tasks: Default::default(),
            raised: Default::default(),
            work: 0,
            expired: Vec::new(),
            signals: self.signals.fork(),
            ended: None,
            limit: None,
            alive: 1,
            uncaught: None,
            ..self.clone()
        };
        let parent = Some(ProcessId(self.pid));
        let name = self.program;
        tape.record(self.now, pid, 0, EventKind::ProcessStart { parent, name }, None);
        child.make_ready(0, Some(forked), tape);
        child
    }

    /// How long the ready thread that has had least has had the cores, weighed; `None` if none is ready.
    pub fn waits_for_core(&self) -> Option<u64> {
        let ready = self
            .ready
            .iter()
            .filter(|_| !self.is_stopped())
            .filter_map(|&thread| self.threads.get(thread as usize));
        ready.map(|thread| thread.vruntime_ns).min()
    }

    /// Raises how far threads here have come to `least`, as if they had run among those of the other processes.
    pub fn level(&mut self, least: u64) {
        self.min_vruntime = self.min_vruntime.max(least);
        let floor = self.min_vruntime.saturating_sub(self.quantum_ns / 2);
        for at in 0..self.ready.len() {
            let thread = self.ready[at];
            let entry = self.thread(thread);
            entry.vruntime_ns = entry.vruntime_ns.max(floor);
        }
    }

    /// Whether a thread waits for the kernel while another one does not wait for anything.
    pub fn runs_and_listens(&self) -> bool {
        let blocked = |thread: &Thread| matches!(thread.state, ThreadState::Blocked(_));
        let mut living = self.living().map(|(_, thread)| thread);
        let listens = living
            .clone()
            .any(|thread| blocked(thread) && thread.kernel_call.is_some());
        listens && living.any(|thread| !blocked(thread))
    }

    /// How far threads here have come, weighed, ns.
    pub fn reached(&self) -> u64 {
        self.min_vruntime
    }

    /// Whether [`Site::level`] would change anything.
    pub fn is_below(&self, least: u64) -> bool {
        least > self.min_vruntime || !self.ready.is_empty()
    }

    /// The thread on a core that has had most, weighed: how much, ns, and its core. Cores that are to be given up do not count.
    pub fn furthest(&self) -> Option<(u64, u16)> {
        let running = self.cores.iter().enumerate().filter_map(|(at, core)| {
            let kept = self.give >> at & 1 == 0;
            let current = core.current.filter(|_| kept);
            current.map(|thread| (self.vruntime_now(thread), at as u16))
        });
        running.max()
    }

    /// How many cores it is about to give up.
    pub fn giving(&self) -> u32 {
        self.give.count_ones()
    }

    /// Since when a core is free here, ns; `None`: it is not.
    pub fn free_since(&self, core: u16) -> Option<u64> {
        let place = self.cores.get(usize::from(core))?;
        place.current.is_none().then_some(place.idle_since_ns)
    }

    /// Whether it may use this core, which it then is not about to lose already without a thread on it.
    pub fn has_core(&self, core: u16) -> bool {
        self.mine >> core & 1 == 1
    }

    /// A core of the computer, free since this moment, is this process's from now on.
    pub fn get_core(&mut self, core: u16, free_since_ns: u64) {
        self.mine |= 1 << core;
        if let Some(place) = self.cores.get_mut(usize::from(core)) {
            place.idle_since_ns = free_since_ns;
        }
        self.dispatch(core);
    }

    /// The process loses a core: at once if nobody has it or C code does, else at the thread's next switch point.
    pub fn lose_core(&mut self, core: u16, tape: &mut Tape) {
        let Some(place) = self.cores.get_mut(usize::from(core)) else {
            return;
        };
        let Some(thread) = place.current else {
            self.mine &= !(1 << core);
            return;
        };
        place.preempt = true;
        self.give |= 1 << core;
        self.preempt_native(thread, tape);
    }
}

/// A thread that the copy of a process does not have.
fn ended() -> Thread {
    Thread {
        state: ThreadState::Finished,
        ..Thread::new(true, 0)
    }
}
