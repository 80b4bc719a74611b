//! The GIL of CPython 3.2 and later (`Python/ceval_gil.c`), in events. That of 2.7 is in `ticks.rs`, threads without one in `parallel.rs`.
//!
//! `take_gil`: while the GIL is held, wait for one switch interval; if the time is over and nobody else has taken
//! the GIL meanwhile (`switch_number` unchanged), ask the holder to drop it; wait again. `drop_gil`: wake one
//! waiter; if the drop was requested, wait until someone else has taken it (forced switch). A thread that comes
//! along while the woken one is still on its way may take the GIL first (barging).
//!
//! Departures: a waiter whose interval is over sets the request without needing a core for that instant; a thread
//! that sleeps or waits for a lock while a request is pending does not wait for its successor before it begins to
//! sleep, as only the successor can wake it anyway.

use super::Site;
use super::thread::Todo;
use crate::profile::{GilKind, Profile};
use crate::record::Tape;
use crate::scheduler::Reason;
use heddle_trace::{Count, DropWhy, EventId, EventKind, GilId, ThreadId, ThreadState};
use heddle_vm::contract::{Image, ThreadIndex};

/// The lock itself.
#[derive(Clone, Debug)]
pub(crate) struct Gil {
    /// How it works.
    pub kind: GilKind,
    /// Python 2: `sys.getcheckinterval()`.
    pub check_interval: u32,
    /// Python 2: how many threads have found it taken and are on their way to sleep.
    pub attempting: u32,
    /// Who has it.
    pub holder: Option<ThreadIndex>,
    /// Who had it last.
    pub last_holder: Option<ThreadIndex>,
    /// How often it went from one thread to another.
    pub switch_number: u64,
    /// Whether the holder is asked to let go.
    pub drop_request: bool,
    /// One switch interval, ns.
    pub interval_ns: u64,
    /// Threads in their timed wait, longest first.
    pub waiters: Vec<ThreadIndex>,
    /// Threads that dropped it on request and wait until another thread has taken it.
    pub awaiting: Vec<ThreadIndex>,
    /// How many threads were woken for it and have not arrived yet.
    pub signalled: u32,
    /// The last drop, as the cause of what follows.
    pub drop_event: Option<EventId>,
}

impl Gil {
    /// A free GIL.
    pub fn new(profile: &Profile, interval_ns: u64) -> Gil {
        Gil {
            kind: profile.gil,
            check_interval: match profile.gil {
                GilKind::Ticks { interval } => interval,
                GilKind::Interval { .. } | GilKind::None => 0,
            },
            attempting: 0,
            holder: None,
            last_holder: None,
            switch_number: 0,
            drop_request: false,
            interval_ns,
            waiters: Vec::new(),
            awaiting: Vec::new(),
            signalled: 0,
            drop_event: None,
        }
    }
}

impl Gil {
    /// Whether there is one: free-threaded Pythons have none.
    pub fn exists(&self) -> bool {
        self.kind != GilKind::None
    }
}

impl<I: Image> Site<I> {
    /// The GIL of the interpreter that the thread is in.
    pub(super) fn gil(&mut self, thread: ThreadIndex) -> &mut Gil {
        let at = self.threads.get(thread as usize).map_or(0, |entry| entry.gil.0);
        &mut self.gils[at as usize]
    }

    /// Which one that is.
    pub(super) fn gil_id(&self, thread: ThreadIndex) -> GilId {
        self.threads.get(thread as usize).map_or(GilId(0), |entry| entry.gil)
    }

    /// From now on the thread, which holds none, needs this GIL.
    pub(super) fn change_gil(&mut self, thread: ThreadIndex, gil: u32) {
        while self.gils.len() <= gil as usize {
            self.gils.push(self.new_gil.clone());
        }
        self.thread(thread).gil = GilId(gil);
    }

    /// The thread, on its core, wants the GIL: it takes it and runs, or begins to wait for it.
    pub(super) fn take_gil(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let signalled = std::mem::take(&mut self.thread(thread).gil_signalled);
        if signalled {
            let gil = self.gil(thread);
            gil.signalled = gil.signalled.saturating_sub(1);
        }
        match self.gil(thread).kind {
            GilKind::None => return self.begin_bytecode(thread, tape),
            GilKind::Ticks { .. } => return self.try_gil(thread, tape),
            GilKind::Interval { .. } => {}
        }
        let free = self.gil(thread).holder.is_none();
        if free && (signalled || self.gil(thread).signalled == 0 || self.choose(Reason::Barge, &[thread, thread]) == 0)
        {
            self.gil_taken(thread, tape);
            self.begin_bytecode(thread, tape);
            return;
        }
        tape.count(self.pid, thread, Count::Failed);
        tape.count(self.pid, thread, Count::Call("futex_wait (GIL)"));
        self.thread(thread).in_vain += 1;
        let cause = self.thread(thread).cause.take();
        self.set_state(thread, ThreadState::GilWait, cause, tape);
        self.gil_wait(thread);
        self.leave_core(thread);
    }

    /// The GIL goes to this thread.
    pub(super) fn gil_taken(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        self.thread(thread).in_vain = 0;
        let gil = self.gil(thread);
        gil.holder = Some(thread);
        gil.drop_request = false;
        let again = gil.last_holder.replace(thread) == Some(thread);
        let cause = gil.drop_event.filter(|_| !again);
        let kind = EventKind::GilTake {
            gil: self.gil_id(thread),
        };
        let taken = tape.record(self.now, self.pid, thread, kind, cause);
        if again {
            return;
        }
        self.gil(thread).switch_number += 1;
        let mut awaiting = std::mem::take(&mut self.gil(thread).awaiting);
        for &waiter in &awaiting {
            match self.thread(waiter).todo {
                Todo::Begin(_) => self.make_ready(waiter, Some(taken), tape),
                _ => self.gil_wait(waiter),
            }
        }
        awaiting.clear();
        self.gil(thread).awaiting = awaiting; // keeps its memory
    }

    /// Begins a timed wait of one switch interval.
    fn gil_wait(&mut self, thread: ThreadIndex) {
        self.thread(thread).todo = Todo::TakeGil;
        self.gil(thread).waiters.push(thread);
        self.gil_interval(thread);
    }

    /// The next switch interval of a wait begins. Python 2's have no end.
    fn gil_interval(&mut self, thread: ThreadIndex) {
        let gil = self.gil(thread);
        let seen = gil.switch_number;
        let until_ns = match gil.kind {
            GilKind::Ticks { .. } | GilKind::None => u64::MAX,
            GilKind::Interval { .. } => gil.interval_ns.max(1),
        };
        let until_ns = self.now.saturating_add(until_ns);
        let entry = self.thread(thread);
        entry.gil_seen = seen;
        entry.gil_until_ns = until_ns;
        match entry.attempt_ns.map_or(until_ns, |attempt| attempt.min(until_ns)) {
            u64::MAX => self.cancel_timer(thread),
            next => self.set_timer(thread, next),
        }
    }

    /// A thread on its core was woken for something that cannot be looked at before `at`, since the GIL's holder is ahead of the calendar (in
    /// a long call, mostly). It waits for the GIL meanwhile, as it would after having got it; if it does not get it, it sleeps again.
    pub(super) fn gil_wait_and_try(&mut self, thread: ThreadIndex, at: u64, tape: &mut Tape) {
        tape.count(self.pid, thread, Count::Failed);
        tape.count(self.pid, thread, Count::Call("futex_wait (GIL)"));
        let cause = self.thread(thread).cause.take();
        self.set_state(thread, ThreadState::GilWait, cause, tape);
        self.thread(thread).attempt_ns = Some(at);
        self.gil_wait(thread);
        self.leave_core(thread);
    }

    /// The image is no longer ahead: does the thread get what it was woken for?
    fn late_attempt(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let ahead = self.image_ahead(thread);
        self.thread(thread).attempt_ns = ahead;
        if ahead.is_none() && !self.attempt(thread, tape) {
            self.gil(thread).waiters.retain(|&waiter| waiter != thread);
            return self.block_on_object(thread, tape);
        }
        let entry = self.thread(thread);
        let until_ns = entry.gil_until_ns;
        match ahead.map_or(until_ns, |ahead| ahead.min(until_ns)) {
            u64::MAX => self.cancel_timer(thread),
            next => self.set_timer(thread, next),
        }
    }

    /// A timed wait is over.
    pub(super) fn gil_timer(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        if self.is_stopped() {
            // It asks when the process goes on.
            return;
        }
        if self.thread(thread).attempt_ns.is_some_and(|at| at <= self.now) {
            return self.late_attempt(thread, tape);
        }
        let Some(holder) = self.gil(thread).holder else {
            // Dropped, and whoever was woken for it has not arrived: the waiter finds it free.
            self.gil(thread).waiters.retain(|&waiter| waiter != thread);
            self.make_ready(thread, None, tape);
            return;
        };
        let unchanged = self.thread(thread).gil_seen == self.gil(thread).switch_number;
        if unchanged && !self.gil(thread).drop_request {
            self.gil(thread).drop_request = true;
            let kind = EventKind::GilRequest {
                gil: self.gil_id(thread),
                holder: ThreadId(holder),
            };
            tape.record(self.now, self.pid, thread, kind, None);
        }
        self.gil_interval(thread);
    }

    /// The holder lets go and wakes one waiter. True: a drop was requested.
    pub(super) fn drop_gil(&mut self, thread: ThreadIndex, why: DropWhy, tape: &mut Tape) -> bool {
        if self.gil(thread).kind == GilKind::None {
            self.runner = None;
            return false;
        }
        debug_assert_eq!(self.gil(thread).holder, Some(thread), "only the holder drops the GIL");
        let requested = std::mem::take(&mut self.gil(thread).drop_request);
        self.gil(thread).holder = None;
        self.runner = None;
        let line = self.image.here(thread).line;
        let kind = EventKind::GilDrop {
            gil: self.gil_id(thread),
            why,
            requested,
            line,
        };
        let dropped = tape.record(self.now, self.pid, thread, kind, None);
        self.gil(thread).drop_event = Some(dropped);
        if self.wake_for_gil(thread, dropped, tape).is_some() {
            tape.count(self.pid, thread, Count::Call("futex_wake (GIL)"));
        }
        requested
    }

    /// Wakes one of the threads that sleep for the GIL which the thread has dropped, if there are any.
    pub(super) fn wake_for_gil(
        &mut self,
        thread: ThreadIndex,
        dropped: EventId,
        tape: &mut Tape,
    ) -> Option<ThreadIndex> {
        if self.gil(thread).waiters.is_empty() {
            return None;
        }
        let waiters = std::mem::take(&mut self.gil(thread).waiters);
        let at = self.choose(Reason::GilDrop, &waiters);
        self.gil(thread).waiters = waiters;
        let woken = self.gil(thread).waiters.remove(at);
        self.gil(thread).signalled += 1;
        let entry = self.thread(woken);
        entry.gil_signalled = true;
        debug_assert_eq!(
            entry.attempt_ns, None,
            "the holder lets go where the calendar has caught up"
        );
        self.make_ready(woken, Some(dropped), tape);
        Some(woken)
    }

    /// At a switch point with a drop request: the forced switch.
    pub(super) fn forced_switch(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        self.end_slice(thread, tape);
        self.drop_gil(thread, DropWhy::Requested, tape);
        self.set_state(thread, ThreadState::GilWait, None, tape);
        self.cancel_timer(thread);
        self.thread(thread).todo = Todo::TakeGil;
        self.gil(thread).awaiting.push(thread);
        self.leave_core(thread);
    }
}
