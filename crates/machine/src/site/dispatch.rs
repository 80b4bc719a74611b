//! Which thread has which core, by the policy of the operating system.
//!
//! Fair shares: a thread's virtual runtime is its time on cores, weighed by its niceness. The ready thread with the least goes first; one that wakes up
//! is put at most half a quantum behind the others, so that sleeping earns no fortune. It takes the core of a
//! running thread that is ahead by more than a quarter of a quantum. A core is taken away only at a switch point
//! (or at the end of a call), not between any two bytecodes: with one GIL, nobody can tell.
//!
//! Round robin: in order of arrival, a quantum each. Cooperative: the same without quanta.

use super::Site;
use super::thread::{Call, Thread, Todo};
use crate::config::OsScheduler;
use crate::queue::Who;
use crate::record::Tape;
use crate::scheduler::Reason;
use heddle_trace::{CoreId, EventId, ThreadState};
use heddle_vm::contract::{Image, ThreadIndex};

/// One core of the grant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Core {
    /// Who has it.
    pub current: Option<ThreadIndex>,
    /// Since when nobody has it, ns.
    pub idle_since_ns: u64,
    /// Since when the current thread has it, ns.
    pub since_ns: u64,
    /// Whether the current thread must give it up.
    pub preempt: bool,
    /// Cancels quantum ends.
    pub ticket: u32,
    /// Whether a quantum end stands in the calendar.
    pub armed: bool,
    /// How long threads had it, ns.
    pub busy_ns: u64,
}

/// A thread that has come so often for the GIL or a lock in vain is woken in rhythm with who holds it: a fixed latency would let it come too late for ever. Real
/// latencies scatter far more than `jitter_percent` when a core is woken every few microseconds (from polling to C1, `intel_idle`).
const VAIN_ATTEMPTS: u32 = 8;
const VAIN_JITTER_PERCENT: u64 = 95;

/// The kernel's weights of niceness -20 to 19 (`sched_prio_to_weight` in Linux's `kernel/sched/core.c`): a step is a quarter.
const WEIGHTS: [u64; 40] = [
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904, 3906, 3121, 2501,
    1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
];

impl Thread {
    /// How much its virtual runtime grows in so many ns on a core.
    fn weighed(&self, ran_ns: u64) -> u64 {
        if self.nice == 0 {
            return ran_ns;
        }
        let weight = WEIGHTS
            .get((i32::from(self.nice) + 20) as usize)
            .copied()
            .unwrap_or(1024);
        ran_ns.saturating_mul(1024) / weight
    }
}

impl<I: Image> Site<I> {
    /// The thread wants a core from now on; `todo` says what for.
    pub(super) fn make_ready(&mut self, thread: ThreadIndex, cause: Option<EventId>, tape: &mut Tape) {
        let floor = self.min_vruntime.saturating_sub(self.quantum_ns / 2);
        self.cancel_timer(thread);
        let entry = self.thread(thread);
        entry.vruntime_ns = entry.vruntime_ns.max(floor);
        entry.cause = cause;
        self.set_state(thread, ThreadState::Ready, cause, tape);
        self.enqueue(thread);
        if let Some(core) = self.idle_core() {
            self.dispatch(core);
        } else {
            self.preempt_for(thread);
            self.arm_quanta();
        }
    }

    /// Puts a thread among the ready ones.
    fn enqueue(&mut self, thread: ThreadIndex) {
        self.ready_count += 1;
        let number = self.ready_count;
        self.thread(thread).ready_number = number;
        self.ready.push(thread);
    }

    /// The idle core that sleeps least deeply.
    pub(super) fn idle_core(&self) -> Option<u16> {
        let idle = self.cores.iter().enumerate();
        let idle = idle.filter(|(at, core)| core.current.is_none() && self.mine >> at & 1 == 1);
        idle.max_by_key(|(at, core)| (core.idle_since_ns, std::cmp::Reverse(*at)))
            .map(|(at, _)| at as u16)
    }

    /// Gives an idle core to one of the ready threads, if there are any.
    pub(super) fn dispatch(&mut self, core: u16) {
        self.mine &= !(self.give & 1 << core);
        self.give &= !(1 << core);
        if self.ready.is_empty() || self.mine >> core & 1 == 0 {
            return;
        }
        let (threads, by_share) = (&self.threads, self.os == OsScheduler::FairShare);
        self.ready.sort_unstable_by_key(|&t| {
            let thread = threads.get(t as usize);
            thread.map(|t| (if by_share { t.vruntime_ns } else { 0 }, t.ready_number))
        });
        let ready = std::mem::take(&mut self.ready);
        let at = self.choose(Reason::Core, &ready);
        self.ready = ready;
        let thread = self.ready.remove(at);
        let (costs, now, quantum) = (self.costs, self.now, self.quantum_ns);
        let Some(place) = self.cores.get_mut(usize::from(core)) else {
            return;
        };
        let idle_ns = now.saturating_sub(place.idle_since_ns);
        let latency = match idle_ns {
            0 => costs.context_switch_ns,
            _ if idle_ns < costs.deep_sleep_after_ns => costs.wake_shallow_ns,
            _ => costs.wake_deep_ns,
        };
        let jitter = match self.threads.get(thread as usize) {
            Some(entry) if entry.in_vain >= VAIN_ATTEMPTS => VAIN_JITTER_PERCENT,
            _ => costs.jitter_percent,
        };
        let arrival = now.saturating_add(self.draws.around(latency, jitter));
        place.current = Some(thread);
        place.since_ns = arrival;
        place.preempt = false;
        place.ticket = place.ticket.wrapping_add(1);
        place.armed = !self.ready.is_empty() && self.os != OsScheduler::Cooperative;
        if place.armed {
            self.queue
                .push(arrival.saturating_add(quantum), Who::Core(core), place.ticket);
        }
        let entry = self.thread(thread);
        entry.core = Some(CoreId(core));
        entry.on_core_since_ns = arrival;
        let vruntime = entry.vruntime_ns;
        self.min_vruntime = self.min_vruntime.max(vruntime);
        self.set_timer(thread, arrival);
    }

    /// The thread's core is free for others.
    pub(super) fn leave_core(&mut self, thread: ThreadIndex) {
        let entry = self.thread(thread);
        entry.given_up += u64::from(entry.core.is_some());
        self.free_core(thread);
    }

    /// Adds the time since the thread got its core, or since this was done last, to what it and the core have had.
    fn account(&mut self, thread: ThreadIndex) {
        let now = self.now;
        let entry = self.thread(thread);
        let ran = now.saturating_sub(std::mem::replace(&mut entry.on_core_since_ns, now));
        entry.vruntime_ns = entry.vruntime_ns.saturating_add(entry.weighed(ran));
        entry.core_ns += ran;
        let core = entry.core;
        if let Some(place) = core.and_then(|core| self.cores.get_mut(usize::from(core.0))) {
            place.busy_ns += ran;
        }
    }

    fn free_core(&mut self, thread: ThreadIndex) {
        let Some(CoreId(core)) = self.thread(thread).core else {
            return;
        };
        self.account(thread);
        self.thread(thread).core = None;
        let Some(place) = self.cores.get_mut(usize::from(core)) else {
            return;
        };
        place.current = None;
        place.idle_since_ns = self.now;
        place.preempt = false;
        place.armed = false;
        place.ticket = place.ticket.wrapping_add(1);
        self.dispatch(core);
    }

    /// Asks the running thread that is furthest ahead of the woken one for its core.
    fn preempt_for(&mut self, woken: ThreadIndex) {
        if self.os != OsScheduler::FairShare {
            return;
        }
        let goal = self.thread(woken).vruntime_ns.saturating_add(self.quantum_ns / 4);
        let mut worst = (goal, None);
        for (at, core) in self.cores.iter().enumerate() {
            let ahead = core.current.map_or(0, |current| self.vruntime_now(current));
            if ahead > worst.0 && !core.preempt {
                worst = (ahead, Some(at));
            }
        }
        if let Some(core) = worst.1.and_then(|at| self.cores.get_mut(at)) {
            core.preempt = true;
        }
    }

    /// A running thread's virtual runtime including its current stretch.
    pub(super) fn vruntime_now(&self, thread: ThreadIndex) -> u64 {
        self.threads.get(thread as usize).map_or(0, |entry| {
            entry
                .vruntime_ns
                .saturating_add(entry.weighed(self.now.saturating_sub(entry.on_core_since_ns)))
        })
    }

    /// From now on quanta count, since somebody waits for a core.
    fn arm_quanta(&mut self) {
        if self.os == OsScheduler::Cooperative {
            return;
        }
        for (at, core) in self.cores.iter_mut().enumerate() {
            if core.current.is_some() && !core.armed {
                core.armed = true;
                let end = core.since_ns.saturating_add(self.quantum_ns).max(self.now);
                self.queue.push(end, Who::Core(at as u16), core.ticket);
            }
        }
    }

    /// A quantum is over. C code without the GIL loses its core at once, bytecode at its next switch point.
    pub(super) fn quantum_end(&mut self, core: u16, tape: &mut Tape) {
        let waiting = !self.ready.is_empty();
        let end = self.now.saturating_add(self.quantum_ns);
        let Some(place) = self.cores.get_mut(usize::from(core)) else {
            return;
        };
        place.armed = waiting;
        if !waiting {
            return;
        }
        place.preempt = true;
        self.queue.push(end, Who::Core(core), place.ticket);
        if let Some(thread) = place.current {
            self.preempt_native(thread, tape);
        }
    }

    /// A thread whose core is asked for loses it at once if it is in C code without the GIL.
    pub(super) fn preempt_native(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let now = self.now;
        let entry = self.thread(thread);
        if let (Todo::End(Call::Compute(_)), ThreadState::Native { .. }) = (&entry.todo, entry.state) {
            let rest = entry.native_until_ns.saturating_sub(now);
            self.preempt(thread, Todo::Begin(Call::Compute(rest)), tape);
        }
    }

    /// Whether this thread's core was asked for.
    pub(super) fn preempted(&self, thread: ThreadIndex) -> bool {
        let core = self.threads.get(thread as usize).and_then(|entry| entry.core);
        core.and_then(|core| self.cores.get(usize::from(core.0)))
            .is_some_and(|core| core.preempt)
    }

    /// Takes the core from a thread that could go on (with `todo`), if a ready thread is behind it in runtime;
    /// else it keeps the core. True: it lost it.
    pub(super) fn preempt(&mut self, thread: ThreadIndex, todo: Todo, tape: &mut Tape) -> bool {
        let mine = self.vruntime_now(thread);
        let least = self
            .ready
            .iter()
            .filter_map(|&t| self.threads.get(t as usize))
            .map(|t| t.vruntime_ns)
            .min();
        let own = self.threads.get(thread as usize).and_then(|entry| entry.core);
        let forced = own.is_some_and(|core| self.give >> core.0 & 1 == 1);
        if !forced && least.is_none_or(|least| least > mine && self.os == OsScheduler::FairShare) {
            let core = self.threads.get(thread as usize).and_then(|entry| entry.core);
            if let Some(core) = core.and_then(|core| self.cores.get_mut(usize::from(core.0))) {
                core.preempt = false;
            }
            return false;
        }
        if let Some(ThreadState::Running { .. }) = self.threads.get(thread as usize).map(|entry| entry.state) {
            self.end_slice(thread, tape);
        }
        if self.runner == Some(thread) {
            self.runner = None;
        }
        self.cancel_timer(thread);
        self.thread(thread).todo = todo;
        self.set_state(thread, ThreadState::Ready, None, tape);
        // Leaving first accounts the runtime by which it is sorted behind; it joins the queue before the choice.
        self.account(thread);
        self.thread(thread).taken += 1;
        self.enqueue(thread);
        self.free_core(thread);
        if forced && let Some(core) = self.idle_core() {
            self.dispatch(core);
        }
        true
    }
}
