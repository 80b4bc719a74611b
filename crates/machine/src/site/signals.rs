//! Signals and interval timers of one process, after POSIX and Linux.
//!
//! A signal for the process goes to the main thread unless that blocks it, as under Linux; one that every thread blocks waits. A caught
//! signal is told to the image, which runs its handler in the main thread; if the main thread waits (sleeps, waits for a lock, is blocked in
//! the kernel), the wait ends at once and is begun again when the handlers have returned. A signal without handler ends the process with
//! status 128 + its number, as a shell says it.
//!
//! Stopping and going on are in `stops.rs`. Not modelled: queues of real-time signals, `siginfo` beyond the number. A signal that comes
//! while another thread holds the GIL does not make it drop the GIL, as in CPython.

use super::Site;
use super::calls::interrupted;
use super::stops::STOPPING;
use super::thread::{Todo, Wait};
use crate::profile::GilKind;
use crate::queue::Who;
use crate::record::Tape;
use heddle_trace::{BlockReason, DropWhy, Note, ThreadState};
use heddle_vm::contract::{Image, Resume, SignalAction, SignalCall, SystemCall, ThreadIndex};

const SIGINT: u8 = 2;
pub(super) const SIGKILL: u8 = 9;
const SIGPIPE: u8 = 13;
/// What a timer sends: `SIGALRM`, `SIGVTALRM`, `SIGPROF`.
const TIMER_SIGNALS: [u8; 3] = [14, 26, 27];
const SIGSTOP: u8 = 19;
/// Signals whose default is nothing: `SIGCHLD`, `SIGCONT` (beyond that the process goes on), `SIGURG`, `SIGWINCH`.
const HARMLESS: [u8; 4] = [17, 18, 23, 28];

/// One interval timer.
#[derive(Clone, Copy, Debug, Default)]
struct Timer {
    /// When it fires, ns of its clock: virtual time, or the CPU time of the process. 0: it is not set.
    next_ns: u64,
    /// It fires again after so many ns; 0: it does not.
    interval_ns: u64,
    /// Cancels entries of the calendar.
    ticket: u32,
}

/// The process's part of it; threads keep their masks.
#[derive(Clone, Debug)]
pub(crate) struct Signals {
    actions: [SignalAction; 65],
    /// For the process, blocked by every thread.
    pub(super) pending: u64,
    timers: [Timer; 3],
    /// Caught signals since the main thread last ran bytecode.
    due: bool,
}

impl Default for Signals {
    /// As CPython sets them up: SIGINT has its handler, SIGPIPE is ignored.
    fn default() -> Signals {
        let mut actions = [SignalAction::Default; 65];
        actions[usize::from(SIGINT)] = SignalAction::Catch;
        actions[usize::from(SIGPIPE)] = SignalAction::Ignore;
        Signals {
            actions,
            pending: 0,
            timers: [Timer::default(); 3],
            due: false,
        }
    }
}

impl Signals {
    /// What a forked process has of it: its actions.
    pub fn fork(&self) -> Signals {
        Signals {
            actions: self.actions,
            ..Signals::default()
        }
    }

    /// What another program in its place has of it: what was ignored stays so, what was caught has Python's own way again (see `default`); timers
    /// run on.
    pub fn exec(&mut self) {
        let first = Signals::default().actions;
        for (action, first) in self.actions.iter_mut().zip(first) {
            if *action != SignalAction::Ignore {
                *action = first;
            }
        }
        self.due = false;
    }

    /// Those that the program has said it ignores: signal n is bit n - 1.
    pub fn ignored(&self) -> u64 {
        let ignored = (1..=64).filter(|&signal| self.action(signal) == SignalAction::Ignore);
        ignored.fold(0, |set, signal| set | bit(signal))
    }

    /// Whether an entry of the calendar still stands.
    pub fn is_armed(&self, which: u8, ticket: u32) -> bool {
        self.timers
            .get(usize::from(which))
            .is_some_and(|timer| timer.next_ns > 0 && timer.ticket == ticket)
    }

    fn action(&self, signal: u8) -> SignalAction {
        self.actions
            .get(usize::from(signal))
            .copied()
            .unwrap_or(SignalAction::Ignore)
    }

    /// Whether a signal would change nothing.
    pub(super) fn ignores(&self, signal: u8) -> bool {
        match self.action(signal) {
            SignalAction::Ignore => true,
            SignalAction::Default => HARMLESS.contains(&signal),
            SignalAction::Catch => false,
        }
    }
}

/// The bit of a signal in a set.
pub(super) fn bit(signal: u8) -> u64 {
    1 << (signal.clamp(1, 64) - 1)
}

impl<I: Image> Site<I> {
    /// A call about signals.
    pub(super) fn signal_call(&mut self, thread: ThreadIndex, call: SignalCall, tape: &mut Tape) {
        let cost_ns = self.costs.syscall_ns;
        let answer = match call {
            SignalCall::Action { signal, action } => {
                if let Some(slot) = self.signals.actions.get_mut(usize::from(signal)) {
                    *slot = action;
                }
                if self.signals.ignores(signal) {
                    self.signals.pending &= !bit(signal);
                    for entry in &mut self.threads {
                        entry.pending &= !bit(signal);
                    }
                }
                Resume::Done
            }
            SignalCall::Send { signal, thread: target } => {
                // The answer first: the signal may end the process.
                self.go_on(thread, Resume::Done, cost_ns);
                return self.send_signal(signal, target, tape);
            }
            SignalCall::Timer { which, set } => self.timer_call(which, set),
            SignalCall::Mask { set } => {
                let before = self.thread(thread).mask;
                if let Some(set) = set {
                    self.thread(thread).mask = set & !bit(SIGKILL) & !bit(SIGSTOP);
                }
                self.go_on(thread, Resume::Int(before.cast_signed()), cost_ns);
                return self.deliver_unblocked(thread, tape);
            }
            SignalCall::Pending => {
                let all = self.signals.pending | self.thread(thread).pending;
                Resume::Int(all.cast_signed())
            }
            SignalCall::Wait { set, deadline_ns } => return self.wait_signal(thread, set, deadline_ns, tape),
            SignalCall::Pause => {
                if self.signal_is_due(thread) {
                    interrupted(SystemCall::Signal(SignalCall::Pause))
                } else {
                    return self.sleep_for_signal(thread, 0, None, tape);
                }
            }
        };
        self.go_on(thread, answer, cost_ns);
    }

    /// `sigwait` and its kind: takes a signal that is there, or sleeps.
    fn wait_signal(&mut self, thread: ThreadIndex, set: u64, deadline_ns: Option<u64>, tape: &mut Tape) {
        let there = (self.signals.pending | self.thread(thread).pending) & set;
        if there != 0 {
            let signal = there.trailing_zeros() as u8 + 1;
            if self.thread(thread).pending & bit(signal) != 0 {
                self.thread(thread).pending &= !bit(signal);
            } else {
                self.signals.pending &= !bit(signal);
            }
            return self.go_on(thread, Resume::Int(i64::from(signal)), self.costs.syscall_ns);
        }
        if deadline_ns.is_some_and(|deadline| deadline <= self.now) {
            return self.go_on(thread, Resume::TimedOut, self.costs.syscall_ns);
        }
        self.sleep_for_signal(thread, set, deadline_ns, tape);
    }

    /// The runner sleeps until a signal comes.
    fn sleep_for_signal(&mut self, thread: ThreadIndex, set: u64, deadline_ns: Option<u64>, tape: &mut Tape) {
        self.end_slice(thread, tape);
        self.drop_gil(thread, DropWhy::Blocking, tape);
        self.thread(thread).todo = Todo::TakeGil;
        self.thread(thread).sigwait = Some((set, deadline_ns));
        self.set_state(thread, ThreadState::Blocked(BlockReason::Signal), None, tape);
        self.set_deadline(thread, deadline_ns);
        self.leave_core(thread);
    }

    /// Whether the program has said that it ignores this signal.
    pub fn ignores(&self, signal: u8) -> bool {
        self.signals.action(signal) == SignalAction::Ignore
    }

    /// Whether this signal would change nothing.
    pub fn is_indifferent(&self, signal: u8) -> bool {
        self.signals.ignores(signal)
    }

    /// A signal for the process or for one of its threads comes now.
    pub fn send_signal(&mut self, signal: u8, target: Option<ThreadIndex>, tape: &mut Tape) {
        if !(1..=64).contains(&signal) {
            return;
        }
        if self.stops_or_goes_on(signal, target, tape) {
            return;
        }
        let living: Vec<ThreadIndex> = self.living().map(|(thread, _)| thread).collect();
        let fits = |thread: &ThreadIndex| target.is_none_or(|target| target == *thread);
        let waits = |thread: &&ThreadIndex| {
            let entry = self.threads.get(**thread as usize);
            entry.is_some_and(|entry| entry.sigwait.is_some_and(|(set, _)| set & bit(signal) != 0))
        };
        if let Some(&thread) = living.iter().filter(|t| fits(t)).find(waits) {
            self.thread(thread).sigwait = None;
            return self.wake_with(thread, Resume::Int(i64::from(signal)), None, tape);
        }
        let blocked = |thread: ThreadIndex| {
            self.threads
                .get(thread as usize)
                .is_some_and(|entry| entry.mask & bit(signal) != 0)
        };
        let taker = living.iter().copied().filter(fits).find(|&thread| !blocked(thread));
        match taker {
            Some(thread) => self.act_on(signal, thread, tape),
            None => self.keep_pending(signal, target),
        }
    }

    /// A signal has to wait.
    pub(super) fn keep_pending(&mut self, signal: u8, target: Option<ThreadIndex>) {
        match target.and_then(|target| self.threads.get_mut(target as usize)) {
            Some(entry) if entry.state != ThreadState::Finished => entry.pending |= bit(signal),
            Some(_) => {}
            None if target.is_some() => {}
            None => self.signals.pending |= bit(signal),
        }
    }

    /// The next full microsecond that no thread's image has reached yet, ns.
    pub fn next_microsecond(&self) -> u64 {
        let reached = self.now.max(self.clock).max(self.furthest_beside());
        (reached / 1_000 + 1).saturating_mul(1_000)
    }

    /// Ctrl-C is pressed at this moment, which no image has reached. A run with it in [`crate::Config::interrupts`] is the same run.
    pub fn interrupt(&mut self, at_ns: u64) {
        self.queue.push_first(at_ns, Who::Interrupt);
    }

    /// The moment of a Ctrl-C has come.
    pub(super) fn ctrl_c(&mut self, tape: &mut Tape) {
        tape.note(self.now, self.pid, 0, Note::Remark, "Ctrl-C");
        self.send_signal(SIGINT, None, tape);
    }

    /// What has waited and is not blocked by this thread any more.
    fn deliver_unblocked(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let open = !self.thread(thread).mask;
        let mine = self.thread(thread).pending & open;
        let all = self.signals.pending & open;
        self.thread(thread).pending &= !mine;
        self.signals.pending &= !all;
        let mut left = mine | all;
        while left != 0 && self.ended.is_none() {
            let signal = left.trailing_zeros() as u8 + 1;
            left &= left - 1;
            self.act_on(signal, thread, tape);
        }
    }

    /// A signal that this thread does not block.
    fn act_on(&mut self, signal: u8, thread: ThreadIndex, tape: &mut Tape) {
        match self.signals.action(signal) {
            SignalAction::Catch => {
                self.image.signal(signal);
                self.signals.due = true;
                if thread == 0 {
                    self.interrupt_main(tape);
                }
            }
            SignalAction::Default if STOPPING.contains(&signal) => self.stop(signal, tape),
            SignalAction::Default if !HARMLESS.contains(&signal) => self.die_of(signal, tape),
            SignalAction::Default | SignalAction::Ignore => {}
        }
    }

    /// Whether a handler is due before this thread may sleep.
    pub(super) fn signal_is_due(&self, thread: ThreadIndex) -> bool {
        thread == 0 && self.signals.due
    }

    /// Whether a caught signal ends the main thread's wait for an object. In 2.7 nothing ends one that has no time-out (`PyThread_acquire_lock`
    /// goes on after EINTR); one that has is a loop of sleeps of 50 ms at most there (`threading.Condition.wait`).
    pub(super) fn signals_end(&self, wait: &Wait) -> bool {
        wait.deadline_ns.is_some() || !matches!(self.new_gil.kind, GilKind::Ticks { .. })
    }

    /// Whether a signal has come that only another thread than this one can handle: Python 2 then checks at every tick.
    pub(super) fn awaits_main(&self, thread: ThreadIndex) -> bool {
        thread != 0 && self.signals.due
    }

    /// The image of the main thread runs: it sees to its handlers.
    pub(super) fn signals_seen(&mut self) {
        self.signals.due = false;
    }

    /// Ends the main thread's wait, if it waits.
    fn interrupt_main(&mut self, tape: &mut Tape) {
        let main: ThreadIndex = 0;
        let ThreadState::Blocked(reason) = self.thread(main).state else {
            return;
        };
        let wait = self.thread(main).wait;
        if wait.is_some_and(|wait| !self.signals_end(&wait)) {
            return;
        }
        let entry = self.thread(main);
        let call = if let Some((set, deadline_ns)) = entry.sigwait.take() {
            SystemCall::Signal(if set == 0 {
                SignalCall::Pause
            } else {
                SignalCall::Wait { set, deadline_ns }
            })
        } else if let Some(wait) = entry.wait.take() {
            self.waits.leave(wait.object, main);
            wait.call()
        } else if let Some(call) = entry.kernel_call.take() {
            self.expired.push(main);
            SystemCall::Posix(call)
        } else if let BlockReason::Sleep { until } = reason {
            SystemCall::Sleep { until_ns: until }
        } else {
            return;
        };
        self.wake_with(main, interrupted(call), None, tape);
    }

    /// The process ends at once, by a signal.
    fn die_of(&mut self, signal: u8, tape: &mut Tape) {
        self.killed_by = Some(signal);
        let status = 128 + i32::from(signal);
        tape.note(
            self.now,
            self.pid,
            0,
            Note::Remark,
            &format!("ended by signal {signal}"),
        );
        self.events.retain(|event| event.time_ns <= self.now);
        self.flush_events(self.now, tape);
        if let Some(runner) = self.runner {
            self.end_slice(runner, tape);
            self.drop_gil_for_good(runner, tape);
        }
        self.pending = None;
        self.end_process(0, status, tape);
    }

    /// CPU time of the process, ns.
    fn cpu_ns(&self) -> u64 {
        self.threads.iter().map(|entry| self.time_on_cores(entry)).sum()
    }

    /// The clock of a timer, ns.
    fn timer_clock(&self, which: u8) -> u64 {
        if which == 0 { self.now } else { self.cpu_ns() }
    }

    /// `setitimer` and `getitimer`.
    fn timer_call(&mut self, which: u8, set: Option<(u64, u64)>) -> Resume {
        let clock = self.timer_clock(which);
        let Some(timer) = self.signals.timers.get_mut(usize::from(which)) else {
            return Resume::Error(22);
        };
        let left = if timer.next_ns == 0 {
            0
        } else {
            timer.next_ns.saturating_sub(clock).max(1)
        };
        let before = Resume::Times(left, timer.interval_ns);
        if let Some((value_ns, interval_ns)) = set {
            timer.next_ns = if value_ns == 0 {
                0
            } else {
                clock.saturating_add(value_ns)
            };
            timer.interval_ns = interval_ns;
            self.arm_timer(which);
        }
        before
    }

    /// Enters the timer in the calendar. CPU time runs at most as fast as all cores together.
    fn arm_timer(&mut self, which: u8) {
        let clock = self.timer_clock(which);
        let cores = self.cores.len().max(1) as u64;
        let Some(timer) = self.signals.timers.get_mut(usize::from(which)) else {
            return;
        };
        timer.ticket = timer.ticket.wrapping_add(1);
        if timer.next_ns == 0 {
            return;
        }
        let left = timer.next_ns.saturating_sub(clock);
        let left = if which == 0 { left } else { (left / cores).max(1_000) };
        let ticket = timer.ticket;
        self.queue
            .push(self.now.saturating_add(left), Who::Timer(which), ticket);
    }

    /// A timer's entry has come up.
    pub(super) fn timer_fired(&mut self, which: u8, tape: &mut Tape) {
        let clock = self.timer_clock(which);
        let Some(timer) = self.signals.timers.get_mut(usize::from(which)) else {
            return;
        };
        if timer.next_ns > clock {
            return self.arm_timer(which);
        }
        timer.next_ns = match timer.interval_ns {
            0 => 0,
            interval => timer.next_ns.saturating_add(interval).max(clock + 1),
        };
        self.arm_timer(which);
        let signal = TIMER_SIGNALS.get(usize::from(which)).copied().unwrap_or(SIGKILL);
        self.send_signal(signal, None, tape);
    }
}
