//! Stopped processes: SIGSTOP and its kind take all cores away, SIGCONT lets the process go on.
//!
//! A thread that runs loses its core at its next switch point (in C code without the GIL at once) and wants one from then on; nobody gives the
//! process one. Sleeps and calls of the kernel come to their ends meanwhile, as under Linux, and signals wait, but for SIGKILL.

use super::Site;
use super::signals::{SIGKILL, bit};
use crate::profile::GilKind;
use crate::record::Tape;
use heddle_trace::{Note, ThreadState};
use heddle_vm::contract::{Image, ThreadIndex};

pub(super) const SIGCONT: u8 = 18;
/// `SIGSTOP`, `SIGTSTP`, `SIGTTIN`, `SIGTTOU`.
pub(super) const STOPPING: [u8; 4] = [19, 20, 21, 22];

/// What a parent hears of a child that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// This signal has stopped it.
    Stopped(u8),
    /// It goes on.
    Continued,
}

impl<I: Image> Site<I> {
    /// Whether it is stopped.
    pub fn is_stopped(&self) -> bool {
        self.stopped_by.is_some()
    }

    /// What a signal does before anybody looks at its action; true: no more than that now.
    pub(super) fn stops_or_goes_on(&mut self, signal: u8, target: Option<ThreadIndex>, tape: &mut Tape) -> bool {
        if signal == SIGCONT {
            self.forget_pending(STOPPING.iter().map(|&stop| bit(stop)).sum());
            self.go_on_after_stop(tape);
            return false;
        }
        if STOPPING.contains(&signal) {
            self.forget_pending(bit(SIGCONT));
            return self.is_stopped();
        }
        if !self.is_stopped() || signal == SIGKILL {
            return false;
        }
        if !self.signals.ignores(signal) {
            self.keep_pending(signal, target);
        }
        true
    }

    /// The process stands still from now on.
    pub(super) fn stop(&mut self, signal: u8, tape: &mut Tape) {
        self.stopped_by = Some(signal);
        self.turned = Some(Turn::Stopped(signal));
        tape.note(
            self.now,
            self.pid,
            0,
            Note::Remark,
            &format!("stopped by signal {signal}"),
        );
        for core in 0..self.cores.len() {
            self.lose_core(core as u16, tape);
        }
    }

    fn go_on_after_stop(&mut self, tape: &mut Tape) {
        if self.stopped_by.take().is_none() {
            return;
        }
        self.turned = Some(Turn::Continued);
        tape.note(self.now, self.pid, 0, Note::Remark, "goes on");
        // Who still has a core keeps it.
        self.give = 0;
        for core in &mut self.cores {
            core.preempt = false;
        }
        let living: Vec<ThreadIndex> = self.living().map(|(thread, _)| thread).collect();
        for &thread in &living {
            // Its turn to ask for the GIL came while nobody could answer.
            let waits = self.thread(thread).state == ThreadState::GilWait;
            let gil = self.gil(thread);
            if waits && matches!(gil.kind, GilKind::Interval { .. }) && gil.waiters.contains(&thread) {
                self.set_timer(thread, self.now);
            }
        }
        let kept = std::mem::take(&mut self.signals.pending);
        self.deliver_kept(kept, None, tape);
        for thread in living {
            let kept = std::mem::take(&mut self.thread(thread).pending);
            self.deliver_kept(kept, Some(thread), tape);
        }
    }

    fn deliver_kept(&mut self, mut kept: u64, target: Option<ThreadIndex>, tape: &mut Tape) {
        while kept != 0 && self.ended.is_none() {
            let signal = kept.trailing_zeros() as u8 + 1;
            kept &= kept - 1;
            self.send_signal(signal, target, tape);
        }
    }

    fn forget_pending(&mut self, set: u64) {
        self.signals.pending &= !set;
        for thread in &mut self.threads {
            thread.pending &= !set;
        }
    }
}
