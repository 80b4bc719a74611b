//! Several interpreters in one process, each with a GIL of its own or sharing the main one's (PEP 684).
//!
//! `PyThreadState_Swap`, by which a thread enters another interpreter and comes back, detaches it from the one (it drops that GIL) and attaches it
//! to the other (it takes that GIL, like any thread that comes along).
//!
//! What interpreters do to each other comes as [`heddle_vm::contract::SystemCall::Across`] alone, and such calls are carried out in order of
//! time, since a stop is dealt with when its thread's clock is the least of those that run. So their images may run apart by more than threads
//! without a GIL may ([`super::parallel`]): only what the calendar decides meanwhile (a core taken away, a drop request that an action within
//! that stretch leads to) is noticed so much later.

use super::Site;
use crate::record::Tape;
use heddle_trace::{DropWhy, EventKind};
use heddle_vm::contract::{Image, ThreadIndex};
use heddle_vm::interpreters::{Crossing, Request};

impl<I: Image> Site<I> {
    /// The runner asks for something between interpreters.
    pub(super) fn across(&mut self, thread: ThreadIndex, request: Request, tape: &mut Tape) {
        match self.image.across(thread, request) {
            Crossing::Stay { cost_ns } => {
                self.clock = self.clock.saturating_add(cost_ns);
                self.work = self.work.saturating_add(cost_ns / 64);
            }
            Crossing::Go { interpreter, gil } => {
                self.end_slice(thread, tape);
                self.drop_gil(thread, DropWhy::Blocking, tape);
                self.image.cross(thread);
                self.change_gil(thread, gil);
                let kind = EventKind::Interpreter {
                    interpreter,
                    gil: self.gil_id(thread),
                };
                tape.record(self.now, self.pid, thread, kind, None);
                self.take_gil(thread, tape);
            }
        }
    }
}
