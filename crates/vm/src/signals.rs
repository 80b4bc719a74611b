//! Signals inside the process: they are noted when they come, and their handlers run in the main thread, between two instructions of the
//! program or where a signal has interrupted a call that waits.
//!
//! The computer decides which signals reach the process and what those without a handler do; the module `_signal` keeps the handlers and
//! gives the function that runs them. Until it is imported there is SIGINT alone, which raises KeyboardInterrupt. An interrupted call is made
//! again with its own deadline when the handlers have returned (PEP 475), without its native noticing.

use crate::contract::{Resume, SignalCall, SystemCall};
use crate::frame::{Frame, bits};
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

/// The number of `SIGINT`.
pub const SIGINT: u8 = 2;

impl Process {
    /// A signal has come.
    pub fn trip(&mut self, signal: u8) {
        if (1..=64).contains(&signal) {
            self.tripped |= 1 << (signal - 1);
            self.heap.alarm();
        }
    }

    /// Takes the lowest of the signals that have come.
    pub fn take_tripped(&mut self) -> Option<u8> {
        let lowest = self.tripped.trailing_zeros();
        if lowest >= 64 {
            return None;
        }
        self.tripped &= !(1 << lowest);
        Some(lowest as u8 + 1)
    }

    /// The function of `_signal` that runs the handlers of all signals that have come.
    fn deliver_function(&self) -> Option<Value> {
        self.module_state.get("_signals")?.first().copied()
    }

    /// Calls the handlers before the next instruction of the program. False: here is no place for that.
    pub(crate) fn run_handlers(&mut self) -> bool {
        let Some(Frame::Python(top)) = self.frames.last() else {
            return false;
        };
        if self.code_of(top.code).hidden {
            return false;
        }
        // What is raised is raised by the next instruction.
        self.top().pc += 1;
        if !self.call_handlers() {
            self.top().pc -= 1;
        }
        true
    }

    /// Pushes the call of the handlers, or raises KeyboardInterrupt where there is no `_signal`. False: there was nothing to do.
    fn call_handlers(&mut self) -> bool {
        if let Some(function) = self.deliver_function() {
            self.heap.incref(function);
            // A Python function: a frame is pushed and nothing can stop here.
            let _ = self.call_counted(function, Vec::new(), Vec::new(), bits::HANDLERS);
            return true;
        }
        let interrupted = self.tripped & (1 << (SIGINT - 1)) != 0;
        self.tripped = 0;
        if interrupted {
            let e = self.new_exception(core::KEYBOARD_INTERRUPT, Vec::new());
            self.heap.incref(e);
            let _ = self.raise_counted(e);
        }
        interrupted
    }

    /// The answer to the native that waited: the handlers run first.
    pub(crate) fn interrupted(&mut self, call: Box<SystemCall>) {
        if let Some(Frame::Native(n)) = self.frames.last_mut() {
            n.retry = Some((n.log.len(), call));
            if self.tripped != 0 && self.current == 0 {
                self.call_handlers();
            }
        }
    }

    /// The handlers have returned. What the interrupted call answers, if it need not be made again.
    pub(crate) fn answer_interrupted(&mut self, call: &SystemCall) -> Option<Resume> {
        match *call {
            SystemCall::Signal(SignalCall::Pause) => Some(Resume::Done),
            // Released meanwhile, perhaps by a handler: nobody would wake a waiter.
            SystemCall::Wait { object, .. } if self.take_waitable(self.current, Value::from_handle(object)) => {
                Some(Resume::Woken)
            }
            SystemCall::Sleep { until_ns } if until_ns <= self.clock_ns() => Some(Resume::Done),
            SystemCall::Wait {
                deadline_ns: Some(deadline),
                ..
            } if deadline <= self.clock_ns() => Some(Resume::TimedOut),
            _ => None,
        }
    }

    /// The thread with this identifier, if it has not ended.
    pub fn thread_by_ident(&self, ident: u64) -> Option<crate::contract::ThreadIndex> {
        let at = self.threads.iter().position(|t| t.ident == ident && !t.ended)?;
        Some(at as crate::contract::ThreadIndex)
    }
}
