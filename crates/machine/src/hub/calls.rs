//! The calls of the kernel, those that wait, and what arrives for them.

use super::{Machine, Output, OwnSignal, Parked, Seat};
use crate::apart::Order;
use crate::config::LimitKind;
use crate::kernel::{Answer, errno};
use crate::site::Reply;
use heddle_trace::{EventKind, ThreadId};
use heddle_vm::contract::{Image, Memory, Posix, Resume, Semaphore, ThreadIndex};

const SIGBUS: u8 = 7;
const SIGPIPE: u8 = 13;

impl<I: Image> Machine<I> {
    /// Carries out a call of a process, then those that waited for what it changed.
    pub(super) fn system_call(&mut self, at: usize, thread: ThreadIndex, call: Posix) {
        let (now, pid, on) = {
            let seat = &self.seats[at];
            (seat.site.now, seat.site.pid, seat.computer)
        };
        self.drop_expired(on);
        if let Posix::Memory(Memory::Read { .. } | Memory::Write { .. }) = &call {
            return self.touch((at, thread), now, call);
        }
        let (answer, signal) = match call {
            Posix::Exec(exec) => match self.exec(at, thread, *exec) {
                Ok(()) => return self.answer_parked(on, now, None),
                Err(error) => (Answer::Now(Resume::Error(error)), None),
            },
            call => self.call((at, thread), now, call),
        };
        match answer {
            Answer::Now(answer) => {
                self.capture(at, thread);
                self.order(at, Order::Reply(thread, Reply::Answer(answer)));
                self.own_signal(at, signal);
            }
            Answer::Later(reason, call) => {
                let deadline_ns = match &call {
                    Posix::Poll { deadline_ns, .. }
                    | Posix::EpollWait { deadline_ns, .. }
                    | Posix::Semaphore(Semaphore::Take { deadline_ns, .. }) => *deadline_ns,
                    _ => None,
                };
                let parked = call.clone();
                self.computers[on].parked.push(Parked {
                    pid,
                    thread,
                    call: parked,
                });
                let reply = Reply::Block(reason, deadline_ns, call);
                self.order(at, Order::Reply(thread, reply));
            }
        }
        self.carry(on, now);
        self.answer_parked(on, now, Some((pid, thread)));
        if self.output_bytes > self.limits.output_bytes {
            self.stop_at(LimitKind::Output);
        }
    }

    /// A call of a process: the hub's own, or the kernel's. With the answer, the signal that the process gets by it.
    fn call(&mut self, (at, thread): (usize, ThreadIndex), now: u64, call: Posix) -> (Answer, Option<OwnSignal>) {
        let answer = match call {
            Posix::Fork => self.fork(at, thread),
            Posix::WaitPid { pid, options } => self.wait_pid((at, thread), now, pid, options),
            Posix::Kill { pid, signal } => {
                let (answer, own) = self.kill(at, now, pid, signal);
                return (Answer::Now(answer), own);
            }
            Posix::SetGroup { pid, group } => Answer::Now(self.set_group(at, pid, group)),
            Posix::Group { pid } => Answer::Now(self.group_of(at, pid)),
            Posix::NewSession => Answer::Now(self.new_session(at)),
            Posix::Session { pid } => Answer::Now(self.session_of(at, pid)),
            call => {
                let writes = matches!(
                    call,
                    Posix::Write { .. } | Posix::Send { .. } | Posix::SendRights { .. }
                );
                let Seat { computer, site, .. } = &self.seats[at];
                let kernel = &mut self.computers[*computer].kernel;
                kernel.switch_to(site.pid);
                let answer = kernel.call(now, call);
                // Nobody reads any more what was written.
                let broken = writes && matches!(answer, Answer::Now(Resume::Error(errno::EPIPE)));
                return (answer, broken.then_some((SIGPIPE, Some(thread))));
            }
        };
        (answer, None)
    }

    /// A process reads or writes shared memory, which needs nobody else.
    fn touch(&mut self, (at, thread): (usize, ThreadIndex), now: u64, call: Posix) {
        let Seat { computer, site, .. } = &mut self.seats[at];
        let kernel = &mut self.computers[*computer].kernel;
        let touched = kernel.touches(&call);
        if let Some(touched) = touched {
            let name = || kernel.name_of_memory(touched.object);
            site.near().record_touch(thread, touched, name, &mut self.tape);
        }
        kernel.switch_to(site.pid);
        let Answer::Now(answer) = kernel.call(now, call) else {
            return;
        };
        let beyond = answer == Resume::Error(errno::EFAULT);
        let size = touched.map_or(0, |touched| touched.size);
        self.order(at, Order::Reply(thread, Reply::Touched(answer, size)));
        self.own_signal(at, beyond.then_some((SIGBUS, Some(thread))));
    }

    /// The signal that a call has brought its own process, now that the call has its answer.
    fn own_signal(&mut self, at: usize, signal: Option<OwnSignal>) {
        let Some((signal, thread)) = signal else { return };
        if !self.seats[at].site.ignores(signal) {
            self.order(at, Order::Signal(signal, thread));
        }
    }

    /// Everything that arrives at a computer up to now.
    pub(super) fn arrive(&mut self, on: usize, now: u64) {
        self.computers[on].kernel.arrive(now);
        self.carry(on, now);
        self.drop_expired(on);
        self.answer_parked(on, now, None);
    }

    /// Sends what a computer has for the others on its way.
    pub(super) fn carry(&mut self, from: usize, now: u64) {
        for (to, packet) in std::mem::take(&mut self.computers[from].kernel.outside.outbox) {
            let arrives_ns = self.wire.carry(now, from, to, packet.len());
            if let Some(computer) = self.computers.get_mut(to) {
                computer.kernel.expect(arrives_ns, from, packet);
            }
        }
    }

    /// Forgets the calls of threads that have given up waiting.
    pub(super) fn drop_expired(&mut self, on: usize) {
        for seat in self.seats.iter_mut().filter(|seat| seat.computer == on) {
            if seat.site.expired.is_empty() {
                continue;
            }
            let pid = seat.site.pid;
            for &expired in &seat.site.expired {
                self.computers[on].kernel.gives_up(pid);
                self.computers[on]
                    .parked
                    .retain(|parked| (parked.pid, parked.thread) != (pid, expired));
            }
            seat.site.order(Order::ExpiredKnown, &mut self.tape, &mut self.sent);
        }
    }

    /// Makes the calls again that wait for what has changed; `by` is the thread that changed it, if it was one.
    pub(super) fn answer_parked(&mut self, on: usize, now: u64, by: Option<(u32, ThreadIndex)>) {
        while std::mem::take(&mut self.computers[on].kernel.changed) {
            for Parked { pid, thread, call } in std::mem::take(&mut self.computers[on].parked) {
                let at = (pid - super::FIRST_PID) as usize;
                if self.seats[at].site.killed_by.is_some() {
                    continue;
                }
                let (answer, signal) = self.call((at, thread), now, call);
                match answer {
                    Answer::Now(answer) => {
                        let seat = &mut self.seats[at];
                        // A process that is further hears of it when it gets there.
                        self.is_late |= seat.site.now > now;
                        let now = now.max(seat.site.now);
                        seat.site.time(now, &mut self.sent);
                        self.capture(at, thread);
                        let kind = EventKind::Wake {
                            thread: ThreadId(thread),
                            object: None,
                        };
                        let waker = by.filter(|(by, _)| *by == pid).map_or(thread, |(_, waker)| waker);
                        let woke = self.tape.record(now, pid, waker, kind, None);
                        self.order(at, Order::Wake(thread, answer, Some(woke)));
                        self.seats[at].go_on();
                        self.own_signal(at, signal);
                    }
                    Answer::Later(_, call) => self.computers[on].parked.push(Parked { pid, thread, call }),
                }
            }
            self.carry(on, now);
        }
    }

    /// Moves what the kernel captured to the output and the trace, and what it tells of channels.
    fn capture(&mut self, at: usize, thread: ThreadIndex) {
        let seat = &self.seats[at];
        let (time_ns, pid) = (seat.site.now, seat.site.pid);
        for flow in self.computers[seat.computer].kernel.flows.drain(..) {
            self.tape.record(time_ns, pid, thread, EventKind::Between(flow), None);
        }
        for captured in self.computers[seat.computer].kernel.captured.drain(..) {
            self.output_bytes = self.output_bytes.saturating_add(captured.bytes.len() as u64);
            let stream = captured.stream;
            let bytes = captured.bytes.clone().into_boxed_slice();
            self.tape
                .record(time_ns, pid, thread, EventKind::Output { stream, bytes }, None);
            self.output.push(Output {
                time_ns,
                stream,
                pid,
                thread,
                bytes: captured.bytes,
            });
        }
    }
}
