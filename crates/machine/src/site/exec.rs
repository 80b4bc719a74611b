//! Another program in a process: what of its site goes and what stays.

use super::Site;
use super::thread::Thread;
use super::waits::Waits;
use crate::record::Tape;
use heddle_trace::{EventKind, Finish};
use heddle_vm::contract::{Exec, Image, Program, ThreadIndex};

impl<I: Image> Site<I> {
    /// The thread, which has come to the end of its call without the GIL, runs another program from now on, as the process's main thread. The others
    /// are over; a thread's time on cores, niceness and blocked signals stay, as do the process's cores.
    pub fn exec(&mut self, thread: ThreadIndex, exec: Exec, tape: &mut Tape) {
        self.events.retain(|event| event.time_ns <= self.now);
        self.flush_events(self.now, tape);
        let beside = std::mem::take(&mut self.beside);
        for running in self.runner.into_iter().chain(beside.iter().map(|beside| beside.thread)) {
            self.end_slice(running, tape);
            self.drop_gil_for_good(running, tape);
        }
        self.pending = None;
        self.ready.clear();
        let others: Vec<ThreadIndex> = self.living().map(|(other, _)| other).collect();
        for other in others {
            self.leave_core(other);
            if other != 0 {
                self.finish_thread(other, Finish::Abandoned, tape);
            }
        }
        self.waits = Waits::default();
        self.gils = vec![self.new_gil.clone()];
        self.expired.clear();
        self.named.clear();
        self.raised.clear();
        self.signals.exec();
        self.uncaught = None;
        self.alive = 1;
        self.clock = self.now;
        let name = self.image.exec(Program {
            argv: exec.argv,
            environ: exec.environ,
            ignored: self.signals.ignored(),
        });
        self.program = tape.intern(&name);
        let kind = EventKind::Exec { program: self.program };
        tape.record(self.now, self.pid, 0, kind, None);
        let (nice, mask, vruntime_ns) = {
            let caller = self.thread(thread);
            (caller.nice, caller.mask, caller.vruntime_ns)
        };
        let main = self.thread(0);
        *main = Thread {
            nice,
            mask,
            ticket: main.ticket.wrapping_add(1),
            core_ns: main.core_ns,
            given_up: main.given_up,
            taken: main.taken,
            ..Thread::new(false, vruntime_ns)
        };
        self.make_ready(0, None, tape);
    }
}
