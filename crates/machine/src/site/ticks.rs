//! The GIL of Python 2.7 (`Python/ceval.c`, `Python/thread_pthread.h`), in events.
//!
//! An ordinary lock made of a flag, a mutex and a condition variable (or a semaphore). Every so many ticks the holder clears the flag, signals
//! one waiter and sets the flag again, unless it is set by then; nothing is handed over. A thread that is woken and finds the flag set has
//! *failed* and sleeps again. So with one core the woken thread is merely ready, and gets its chance only if the operating system takes the
//! core away between the two; with a second core it wakes up there, mostly too late.
//!
//! What the model says beyond that: a thread that was signalled counts as waiting until it has run, so that the holder makes the system call
//! at every check until then (glibc's `sem_post` and Apple's `pthread_cond_signal` of that time both looked at a count that the waiter
//! itself brings down). The flag is clear while the call lasts; the timer's interrupt can make it last longer. Ticks are counted only while
//! somebody waits or is on the way; the cost of a check that nobody notices is in the pace.
//!
//! A signal with a handler makes every tick a check (`pendingcalls_to_do`, `_Py_Ticker = 0`) until the main thread runs, as only that can call
//! handlers. If it waits for a lock it cannot, and the threads that run crawl, at [`crate::costs::Costs::check_ns`] a tick; if several want
//! the GIL, they fight for it at each.

use super::Site;
use super::thread::{Call, Todo};
use crate::profile::GilKind;
use crate::record::Tape;
use heddle_trace::{Count, DropWhy, EventKind, StringId, ThreadState};
use heddle_vm::contract::{Image, ThreadIndex};

/// What a run has counted of Python 2's GIL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Checks at which somebody had to be signalled: a system call each.
    pub signals: u64,
    /// Attempts to take the GIL that found it taken.
    pub failed: u64,
    /// Threads that went to sleep for it: a system call each.
    pub sleeps: u64,
}

impl<I: Image> Site<I> {
    /// How the image is to count ticks now.
    pub(super) fn ticks_wanted(&mut self, thread: ThreadIndex) -> Option<u32> {
        let awaits_main = self.awaits_main(thread);
        let contended = self.is_contended(thread);
        let gil = self.gil(thread);
        match gil.kind {
            GilKind::Ticks { .. } if awaits_main => Some(1),
            GilKind::Ticks { .. } if contended => Some(gil.check_interval),
            _ => None,
        }
    }

    /// Whether another thread wants the GIL or is on its way to it.
    fn is_contended(&mut self, thread: ThreadIndex) -> bool {
        let gil = self.gil(thread);
        gil.signalled > 0 || gil.attempting > 0 || !gil.waiters.is_empty()
    }

    /// The runner's ticks are used up: it releases the GIL and signals.
    pub(super) fn check(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        if self.ticks_wanted(thread).is_none() {
            return;
        }
        if !self.is_contended(thread) {
            // A signal is pending: the GIL is released and taken again, which nobody notices.
            tape.count(self.pid, thread, Count::Contention(self.costs.check_ns));
            self.clock = self.clock.saturating_add(self.costs.check_ns);
            self.at_switch_point = true;
            self.progressed = true;
            return;
        }
        self.runner = None;
        self.gil(thread).holder = None;
        let line = self.image.here(thread).line;
        let kind = EventKind::GilDrop {
            gil: self.gil_id(thread),
            why: DropWhy::Ticks,
            requested: false,
            line,
        };
        let dropped = tape.record(self.now, self.pid, thread, kind, None);
        self.gil(thread).drop_event = Some(dropped);
        self.counters.signals += 1;
        let woken = self.wake_for_gil(thread, dropped, tape);
        let elsewhere = woken.is_some_and(|woken| self.thread(woken).core.is_some());
        let mut cost_ns = self.costs.signal_ns;
        if elsewhere {
            cost_ns += self.costs.cross_core_ns;
        }
        let tick_ns = self.costs.tick_ns.max(1);
        if (self.now + cost_ns) / tick_ns > self.now / tick_ns {
            cost_ns += self.costs.interrupt_ns;
        }
        tape.count(self.pid, thread, Count::Call("futex_wake (GIL)"));
        tape.count(self.pid, thread, Count::Contention(cost_ns));
        self.thread(thread).todo = Todo::End(Call::Pass);
        self.set_timer(thread, self.now.saturating_add(cost_ns));
    }

    /// The signal is sent; the thread takes the GIL again, if it is still free and the core still its own.
    pub(super) fn retake(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        self.thread(thread).todo = Todo::TakeGil;
        if self.preempted(thread) && self.preempt(thread, Todo::TakeGil, tape) {
            return;
        }
        if self.gil(thread).holder.is_some() {
            self.end_slice(thread, tape);
            return self.try_gil(thread, tape);
        }
        self.gil_taken(thread, tape);
        self.thread(thread).todo = Todo::Run;
        self.runner = Some(thread);
        tape.count(self.pid, thread, Count::Contention(self.costs.aftermath_ns));
        self.clock = self.now.saturating_add(self.costs.aftermath_ns);
        self.at_switch_point = false;
        self.progressed = true;
    }

    /// The thread, on its core, wants the GIL.
    pub(super) fn try_gil(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        if self.gil(thread).holder.is_none() {
            self.gil_taken(thread, tape);
            return self.begin_bytecode(thread, tape);
        }
        self.counters.failed += 1;
        tape.count(self.pid, thread, Count::Failed);
        tape.count(self.pid, thread, Count::Contention(self.costs.failed_acquire_ns));
        self.gil(thread).attempting += 1;
        let entry = self.thread(thread);
        let cause = entry.cause.take();
        entry.todo = Todo::End(Call::GilSleep);
        if let Some(core) = entry.core {
            self.set_state(thread, ThreadState::Native { core }, cause, tape);
        }
        self.set_timer(thread, self.now.saturating_add(self.costs.failed_acquire_ns));
    }

    /// The failed thread is about to sleep. A release meanwhile has left a signal: then it does not sleep.
    pub(super) fn sleep_for_gil(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let gil = self.gil(thread);
        gil.attempting = gil.attempting.saturating_sub(1);
        if self.gil(thread).holder.is_none() {
            self.gil_taken(thread, tape);
            return self.begin_bytecode(thread, tape);
        }
        self.counters.sleeps += 1;
        tape.count(self.pid, thread, Count::Call("futex_wait (GIL)"));
        self.thread(thread).todo = Todo::TakeGil;
        let line = self.image.here(thread).line;
        let label: StringId = tape.intern("found the GIL taken");
        self.enter_state(thread, ThreadState::GilWait, (label, line), None, tape);
        self.cancel_timer(thread);
        self.gil(thread).waiters.push(thread);
        self.leave_core(thread);
    }
}
