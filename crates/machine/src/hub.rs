//! The hub: virtual time order, grants, the kernel, limits, and the end of the run.
//!
//! One site so far, called directly. Grants end on a global grid of virtual time whose step doubles from 1 ms to
//! 100 ms, a pure function of the simulation (`MACHINE.md`, "Grants").

use crate::config::{Config, LimitKind, Limits};
use crate::deadlock::{DeadlockReport, report};
use crate::kernel::{Answer, HostFolder, Kernel};
use crate::record::Tape;
use crate::scheduler::Scheduler;
use crate::site::{Counters, Grant, Reply, Site, Why};
use heddle_trace::{Budget, Chunk, EventKind, Header, Note, Recorder, Stream};
use heddle_vm::contract::{HostLimit, Image, Posix, ThreadIndex};
use std::rc::Rc;

/// The process id of the first Python process.
pub const FIRST_PID: u32 = 1;

const SHORTEST_HORIZON_NS: u64 = 1_000_000;
const LONGEST_HORIZON_NS: u64 = 100_000_000;

/// Something the program wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// When, ns.
    pub time_ns: u64,
    /// Where.
    pub stream: Stream,
    /// Which process.
    pub pid: u32,
    /// Which thread.
    pub thread: ThreadIndex,
    /// What; not always whole UTF-8 characters.
    pub bytes: Vec<u8>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// The program came to its end with this exit status.
    Exited(i32),
    /// Nothing can ever happen again, and threads are blocked.
    Deadlock(DeadlockReport),
    /// A limit was reached; the sentence says which.
    Limit(LimitKind, String),
    /// The schedule to replay does not fit; the sentence says where.
    Schedule(String),
    /// The person stopped it.
    Stopped,
}

/// A blocked call of the kernel.
#[derive(Clone, Debug)]
struct Parked {
    thread: ThreadIndex,
    call: Posix,
}

/// The simulated computer with one process. Clone it for a checkpoint.
#[derive(Clone)]
pub struct Machine<I> {
    site: Site<I>,
    kernel: Kernel,
    tape: Tape,
    limits: Limits,
    parked: Vec<Parked>,
    horizon_ns: u64,
    granted_ns: u64,
    work_left: u64,
    output_bytes: u64,
    output: Vec<Output>,
    end: Option<End>,
}

impl<I: Image> Machine<I> {
    /// A computer about to run this image. `python` names the version of the profile ("3.13").
    #[must_use]
    pub fn new(image: I, config: &Config, python: &str, scheduler: Box<dyn Scheduler>, budget: Budget) -> Machine<I> {
        let header = Header {
            cores: config.cores.clamp(1, 64),
            switch_interval_ns: config.switch_interval_ns,
            python: python.to_owned(),
        };
        let mut tape = Tape::new(Recorder::new(header, budget));
        let site = Site::new(FIRST_PID, image, config, scheduler, &mut tape);
        let kernel = Kernel::new(
            config.stdin.clone(),
            config.terminal,
            config.limits.file_bytes,
            config.seed,
            config.hosts.clone(),
        );
        Machine {
            site,
            kernel,
            tape,
            limits: config.limits,
            parked: Vec::new(),
            horizon_ns: SHORTEST_HORIZON_NS,
            granted_ns: 0,
            work_left: config.limits.work,
            output_bytes: 0,
            output: Vec::new(),
            end: None,
        }
    }

    /// Puts a file into the computer, at a path below the program's folder or an absolute one; the error is an `errno`.
    pub fn add_file(&mut self, path: &[u8], content: Vec<u8>) -> Result<(), i32> {
        self.kernel.add_file(path, content)
    }

    /// Shows a folder of the host at a path; the error is an `errno`.
    pub fn mount(&mut self, path: &[u8], folder: Rc<dyn HostFolder>) -> Result<(), i32> {
        self.kernel.mount(path, folder)
    }

    /// Runs on for about so much work of the host (1 is about 1 ns natively, 2 in a browser); true when the run is
    /// over. How it is divided into calls changes nothing in the simulation.
    pub fn advance(&mut self, work: u64) -> bool {
        let mut left = work.max(1);
        while self.end.is_none() && left > 0 {
            let allowed = left.min(self.work_left);
            if allowed == 0 {
                self.stop_at(LimitKind::Work);
                break;
            }
            let until_ns = self.horizon_end();
            let report = self.site.advance(
                Grant {
                    until_ns,
                    work: allowed,
                },
                &mut self.tape,
            );
            let used = self.site.work.max(1);
            left = left.saturating_sub(used);
            self.work_left = self.work_left.saturating_sub(used);
            self.handle(report.why, until_ns);
            self.arrivals();
            if let Some(complaint) = self.site.complaint() {
                self.finish(End::Schedule(complaint));
            }
            self.tape.settle(report.reached_ns);
        }
        self.end.is_some()
    }

    /// The end of the current grant.
    fn horizon_end(&self) -> u64 {
        let grid_end = (self.granted_ns / self.horizon_ns + 1).saturating_mul(self.horizon_ns);
        let arrival = self.kernel.next_arrival().unwrap_or(u64::MAX).max(self.site.now + 1);
        grid_end.min(self.limits.virtual_ns).min(arrival)
    }

    /// What has arrived from the network up to now wakes those who wait for it.
    fn arrivals(&mut self) {
        if self.kernel.next_arrival().is_some_and(|at| at <= self.site.now) {
            self.kernel.arrive(self.site.now);
            self.drop_expired();
            self.answer_parked(None);
        }
    }

    /// Goes on to the grant that contains this moment.
    fn next_grant(&mut self, reached_ns: u64) {
        self.granted_ns = reached_ns;
        self.horizon_ns = (self.horizon_ns * 2).min(LONGEST_HORIZON_NS);
        if reached_ns >= self.limits.virtual_ns {
            self.site.now = self.site.now.max(self.limits.virtual_ns);
            self.stop_at(LimitKind::VirtualTime);
        }
    }

    fn handle(&mut self, why: Why, until_ns: u64) {
        match why {
            Why::OutOfWork => {}
            Why::Used => self.next_grant(until_ns),
            Why::Idle { until_ns: next } => {
                let arrival = self.kernel.next_arrival();
                if let Some(arrival) = arrival.filter(|&at| next.is_none_or(|next| at <= next)) {
                    // Nothing happens before something arrives.
                    self.site.now = self.site.now.max(arrival);
                    self.next_grant(self.site.now);
                } else if let Some(next) = next {
                    self.next_grant(next.max(until_ns));
                } else {
                    self.nothing_left();
                }
            }
            Why::SystemCall { thread, call } => self.system_call(thread, call),
            Why::Ended { status } => self.finish(End::Exited(status)),
            Why::Limit(HostLimit::Memory) => self.stop_at(LimitKind::Memory),
            Why::Limit(HostLimit::Threads) => self.stop_at(LimitKind::Threads),
        }
    }

    /// Carries out a call, then those that waited for what it changed.
    fn system_call(&mut self, thread: ThreadIndex, call: Posix) {
        let now = self.site.now;
        self.arrivals();
        self.drop_expired();
        match self.kernel.call(now, call) {
            Answer::Now(answer) => {
                self.capture(thread);
                self.site.reply(thread, Reply::Answer(answer), &mut self.tape);
            }
            Answer::Later(reason, call) => {
                let deadline_ns = match &call {
                    Posix::Poll { deadline_ns, .. } => *deadline_ns,
                    _ => None,
                };
                let parked = call.clone();
                self.parked.push(Parked { thread, call: parked });
                self.site
                    .reply(thread, Reply::Block(reason, deadline_ns, call), &mut self.tape);
            }
        }
        self.answer_parked(Some(thread));
        if self.output_bytes > self.limits.output_bytes {
            self.stop_at(LimitKind::Output);
        }
    }

    /// Forgets the calls of threads that have given up waiting.
    fn drop_expired(&mut self) {
        for expired in std::mem::take(&mut self.site.expired) {
            self.parked.retain(|parked| parked.thread != expired);
        }
    }

    /// Makes the calls again that wait for what has changed; `by` is the thread that changed it, if it was one.
    fn answer_parked(&mut self, by: Option<ThreadIndex>) {
        let now = self.site.now;
        while std::mem::take(&mut self.kernel.changed) {
            for Parked { thread: parked, call } in std::mem::take(&mut self.parked) {
                match self.kernel.call(now, call) {
                    Answer::Now(answer) => {
                        let kind = EventKind::Wake {
                            thread: heddle_trace::ThreadId(parked),
                            object: None,
                        };
                        let woke = self.tape.record(now, self.site.pid, by.unwrap_or(parked), kind, None);
                        self.site.wake_from_kernel(parked, answer, Some(woke), &mut self.tape);
                    }
                    Answer::Later(_, call) => self.parked.push(Parked { thread: parked, call }),
                }
            }
        }
    }

    /// Moves what the kernel captured to the output and the trace.
    fn capture(&mut self, thread: ThreadIndex) {
        for captured in self.kernel.captured.drain(..) {
            self.output_bytes = self.output_bytes.saturating_add(captured.bytes.len() as u64);
            let (time_ns, pid, stream) = (self.site.now, self.site.pid, captured.stream);
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

    /// No timer, no grant and no arrival is left: over, or a deadlock.
    fn nothing_left(&mut self) {
        if self.site.living().next().is_none() {
            return self.finish(End::Exited(0));
        }
        let found = report(&self.site);
        for blocked in &found.threads {
            let text = blocked.sentence();
            self.tape
                .note(self.site.now, self.site.pid, blocked.thread, Note::Deadlock, &text);
        }
        self.finish(End::Deadlock(found));
    }

    fn stop_at(&mut self, kind: LimitKind) {
        let sentence = self.limits.sentence(kind);
        self.tape
            .note(self.site.now, self.site.pid, 0, Note::LimitReached, &sentence);
        self.finish(End::Limit(kind, sentence));
    }

    fn finish(&mut self, end: End) {
        if self.end.is_some() {
            return;
        }
        self.site.flush_all(&mut self.tape);
        self.site.close_cores();
        self.tape.finish(self.site.now);
        self.end = Some(end);
    }

    /// The person at the terminal presses Ctrl-C: SIGINT, within the next microsecond; says when, ns. A run that has this moment in its
    /// [`Config::interrupts`] is the same run. `None`: it is over.
    pub fn interrupt(&mut self) -> Option<u64> {
        self.end.is_none().then(|| self.site.interrupt())
    }

    /// Ends the run here, as the person wants it.
    pub fn stop(&mut self) {
        if self.end.is_none() {
            self.tape.note(self.site.now, self.site.pid, 0, Note::Tear, "stopped");
            self.finish(End::Stopped);
        }
    }

    /// The last line of the exception that ended the main thread, if one did.
    #[must_use]
    pub fn uncaught(&self) -> Option<&str> {
        self.site.uncaught.as_deref()
    }

    /// How the run ended, once it has.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Virtual time reached, ns.
    #[must_use]
    pub fn now_ns(&self) -> u64 {
        self.site.now
    }

    /// Time that threads had cores, ns, summed over all cores; the rest of cores × [`Machine::now_ns`] they were idle.
    #[must_use]
    pub fn busy_ns(&self) -> u64 {
        self.site.cores.iter().map(|core| core.busy_ns).sum()
    }

    /// What has been counted of Python 2's GIL.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.site.counters
    }

    /// What the program has written since the last call.
    pub fn take_output(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.output)
    }

    /// What the trace has got since the last call.
    pub fn trace_chunk(&mut self) -> Chunk {
        self.tape.drain()
    }

    /// The trace.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        self.tape.recorder()
    }

    /// The process image.
    #[must_use]
    pub fn image(&self) -> &I {
        &self.site.image
    }
}
