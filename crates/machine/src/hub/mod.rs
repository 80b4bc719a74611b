//! The hub: virtual time order, grants, the kernels, limits, and the end of the run.
//!
//! A *seat* is where a process sits: its site, the computer it runs on, and why it stands still. One process alone runs in grants that end on
//! a grid of virtual time whose step doubles from 1 ms to 100 ms (`solo.rs`); several run in rounds (`rounds.rs`). Both are pure functions of
//! the simulation.

mod calls;
mod cores;
mod ending;
mod groups;
mod hosts;
mod look;
mod processes;
mod rounds;
mod setup;
mod solo;

pub use setup::{Place, Remote};

use crate::apart::{Front, Order, Sent};
use crate::config::{LimitKind, Limits};
use crate::deadlock::{BlockedThread, DeadlockReport};
use crate::kernel::{HostFolder, Kernel};
use crate::record::Tape;
use crate::site::Counters;
use crate::wire::Wire;
use heddle_trace::{Chunk, Note, Recorder, Stream};
use heddle_vm::contract::{Image, Posix, ThreadIndex};
use hosts::Hosts;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The process id of the first Python process.
pub const FIRST_PID: u32 = 1;

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
    /// A process that lived apart was lost; the sentence says how.
    Lost(String),
}

/// A blocked call of the kernel.
#[derive(Clone, Debug)]
struct Parked {
    pid: u32,
    thread: ThreadIndex,
    call: Posix,
}

/// One computer.
#[derive(Clone)]
struct Computer {
    /// What deadlock reports call it; empty if it is alone.
    name: String,
    kernel: Kernel,
    parked: Vec<Parked>,
    /// Whether a process of it has forked.
    is_shared: bool,
    /// The memory of its living processes by model sizes, as of when each last ran, bytes.
    memory: u64,
}

/// A signal that a call brings its own process, for the process or for one of its threads.
type OwnSignal = (u8, Option<ThreadIndex>);

/// Why a process stands still, where there are several.
#[derive(Clone, Debug)]
enum Stand {
    /// It does not.
    Going,
    /// A thread calls the kernel, now.
    Calls { thread: ThreadIndex, call: Posix },
    /// It ends, now.
    Ending(i32),
    /// It was stopped or goes on, now: its parent hears of it.
    Turned,
    /// Its grant was used up at this moment, ns.
    Used(u64),
    /// Nothing happens before this moment, ns, unless it is woken.
    Idle(Option<u64>),
    /// It has ended.
    Over,
}

/// A process, and where it sits.
#[derive(Clone)]
struct Seat<I> {
    site: Front<I>,
    computer: usize,
    /// The run does not wait for its end.
    is_daemon: bool,
    stand: Stand,
    /// Its exit status, as a shell says it.
    status: Option<i32>,
    /// Its parent's pid. `None`: it was there from the start, or its parent is gone.
    parent: Option<u32>,
    /// Somebody has waited for it.
    is_reaped: bool,
    /// The pids of the leaders of its process group and of its session.
    group: u32,
    session: u32,
    /// That it was stopped or goes on, as `waitpid` tells it, until somebody has asked.
    turn: Option<i32>,
    /// Its memory by model sizes as of when it last ran, bytes.
    memory: u64,
    /// Up to when it may run, ns, while it does.
    granted_ns: Option<u64>,
    /// What it was told of the memory of the others, bytes.
    others_use: u64,
    /// Work of the host that it would have saved the hub had it lived apart (`hosts.rs`).
    gained: u64,
}

impl<I> Seat<I> {
    /// The seat of a process that is about to run, with the leaders of its group and session.
    fn new(
        site: Front<I>,
        computer: usize,
        is_daemon: bool,
        parent: Option<u32>,
        (group, session): (u32, u32),
    ) -> Seat<I> {
        Seat {
            site,
            computer,
            is_daemon,
            stand: Stand::Going,
            status: None,
            parent,
            is_reaped: false,
            group,
            session,
            turn: None,
            memory: 0,
            granted_ns: None,
            others_use: 0,
            gained: 0,
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.stand, Stand::Over)
    }

    /// Whether it has a pid that can be named: one that is over has it until somebody has waited for it.
    fn is_there(&self) -> bool {
        !(self.is_reaped || self.is_over() && self.parent.is_none())
    }

    /// What happened to it goes on at once.
    fn go_on(&mut self) {
        if matches!(self.stand, Stand::Used(_) | Stand::Idle(_)) {
            self.stand = Stand::Going;
        }
    }
}

/// The simulated computers with their processes. Clone it for a checkpoint.
#[derive(Clone)]
pub struct Machine<I> {
    /// The process with pid n is the one at n - 1.
    seats: Vec<Seat<I>>,
    computers: Vec<Computer>,
    wire: Wire,
    tape: Tape,
    limits: Limits,
    quantum_ns: u64,
    horizon_ns: u64,
    granted_ns: u64,
    /// Where the current round began and where it ends, ns.
    floor_ns: u64,
    round_ns: u64,
    /// How long the last round of processes that share a computer was, ns, and whether something has come late to one of them since.
    round_length_ns: u64,
    is_late: bool,
    /// Seats as they were at the moment that somebody looks at, where there are several: see `look.rs`.
    passed: Vec<Option<Seat<I>>>,
    /// That moment, ns.
    looked_at_ns: u64,
    /// When a process last asked the kernel for something, ns.
    heard_ns: u64,
    /// When rounds last began since somebody waited for a core, ns, and how many have begun then.
    handed_over: (u64, usize),
    work_left: u64,
    output_bytes: u64,
    output: Vec<Output>,
    end: Option<End>,
    /// Orders on their way to hosts of processes that live apart.
    sent: Sent,
    /// What processes that live apart have told for the deadlock report.
    portraits: BTreeMap<u32, Vec<BlockedThread>>,
    hosts: Hosts,
    /// Ctrl-C was pressed and waits until all stand still; when it came, ns.
    interrupting: bool,
    interrupted: Option<u64>,
}

impl<I: Image> Machine<I> {
    /// Puts a file into every computer, at a path below the program's folder or an absolute one; the error is an `errno`.
    pub fn add_file(&mut self, path: &[u8], content: Vec<u8>) -> Result<(), i32> {
        for computer in &mut self.computers {
            computer.kernel.add_file(path, content.clone())?;
        }
        Ok(())
    }

    /// Puts a program into every computer, at an absolute path; the error is an `errno`.
    pub fn add_program(&mut self, path: &[u8], content: &[u8]) -> Result<(), i32> {
        for computer in &mut self.computers {
            computer.kernel.add_program(path, content.to_vec())?;
        }
        Ok(())
    }

    /// Shows a folder of the host at a path in every computer; the error is an `errno`.
    pub fn mount(&mut self, path: &[u8], folder: Rc<dyn HostFolder>) -> Result<(), i32> {
        for computer in &mut self.computers {
            computer.kernel.mount(path, Rc::clone(&folder))?;
        }
        Ok(())
    }

    /// Runs on for about so much work of the host (1 is about 1 ns natively, 2 in a browser); true when the run is
    /// over. How it is divided into calls changes nothing in the simulation.
    pub fn advance(&mut self, work: u64) -> bool {
        let mut left = work.max(1);
        self.hosts.was_cut = false;
        while self.end.is_none() && left > 0 {
            let allowed = left.min(self.work_left);
            if allowed == 0 {
                self.stop_at(LimitKind::Work);
                break;
            }
            let used = if self.seats.len() == 1 {
                self.step_alone(allowed)
            } else {
                match self.step_round(allowed) {
                    Some(used) => used,
                    None => {
                        self.hosts.was_cut = true;
                        break;
                    }
                }
            };
            left = left.saturating_sub(used);
            self.work_left = self.work_left.saturating_sub(used);
        }
        self.end.is_some()
    }

    /// The first process: there always is one.
    fn first(&self) -> &Seat<I> {
        &self.seats[0]
    }

    /// Nothing happens before this moment any more, ns.
    fn moment(&self) -> u64 {
        self.first().site.now.max(self.floor_ns)
    }

    /// The person at the terminal presses Ctrl-C: SIGINT for the first program and whatever it has forked (but what is in another process group), within the
    /// next microsecond; says when, ns. A run that has this moment in its [`crate::Config::interrupts`] is the same run. `None`: they are over, or
    /// processes that live apart are running: it comes when they have reported, and [`Machine::interrupted`] says when that was.
    pub fn interrupt(&mut self) -> Option<u64> {
        if self.is_awaiting() {
            self.interrupting = true;
            return None;
        }
        let (group, floor_ns, ended) = (self.first().group, self.floor_ns, self.end.is_some());
        let foreground = |seat: &&mut Seat<I>| {
            seat.group == group && !ended && !matches!(seat.stand, Stand::Ending(_) | Stand::Over)
        };
        let mut at_ns = None;
        for seat in self.seats.iter_mut().filter(foreground) {
            seat.site.time(floor_ns, &mut self.sent);
            at_ns = at_ns.max(Some(seat.site.next_microsecond()));
        }
        let at_ns = at_ns?;
        for seat in self.seats.iter_mut().filter(foreground) {
            seat.site.order(Order::Interrupt(at_ns), &mut self.tape, &mut self.sent);
            if let Stand::Idle(_) = seat.stand {
                seat.stand = Stand::Going;
            }
        }
        Some(at_ns)
    }

    /// Ends the run here, as the person wants it.
    pub fn stop(&mut self) {
        if self.end.is_none() {
            let (now, pid) = (self.moment(), self.first().site.pid);
            self.tape.note(now, pid, 0, Note::Tear, "stopped");
            self.finish(End::Stopped);
        }
    }

    /// The last line of the exception that ended the first process's main thread, if one did.
    #[must_use]
    pub fn uncaught(&self) -> Option<&str> {
        self.first().site.uncaught.as_deref()
    }

    /// How the run ended, once it has.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Virtual time reached, ns.
    #[must_use]
    pub fn now_ns(&self) -> u64 {
        if self.seats.len() == 1 || self.end.is_some() {
            self.seats.iter().map(|seat| seat.site.now).max().unwrap_or(0)
        } else {
            self.floor_ns
        }
    }

    /// Time that threads had cores, ns, summed over all cores; the rest of cores × [`Machine::now_ns`] they were idle.
    #[must_use]
    pub fn busy_ns(&self) -> u64 {
        let cores = self.seats.iter().flat_map(|seat| &seat.site.cores);
        cores.map(|core| core.busy_ns).sum()
    }

    /// What has been counted of Python 2's GIL.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let mut all = Counters::default();
        for Counters {
            signals,
            failed,
            sleeps,
        } in self.seats.iter().map(|seat| seat.site.counters)
        {
            all.signals += signals;
            all.failed += failed;
            all.sleeps += sleeps;
        }
        all
    }

    /// What the programs have written since the last call.
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

    /// The first process's image, which never lives apart.
    #[must_use]
    pub fn image(&self) -> Option<&I> {
        self.first().site.image.image()
    }
}
