//! Processes that processes make: `fork`, `exec`, `waitpid`, what parents hear of their children. Groups and signals are in `groups.rs`.
//!
//! A child has the parent's image, descriptors and folder as they are at the end of the call, and a pid behind all others'. One that is over
//! stays as a zombie until its parent waits for it; without a parent, or with one that ignores SIGCHLD, it goes at once.

use super::{FIRST_PID, Machine, Seat, Stand};
use crate::apart::Order;
use crate::kernel::{Answer, errno};
use crate::site::Turn;
use heddle_trace::{Between, BlockReason, EventKind, OS_PIDS, ProcessId};
use heddle_vm::contract::{Exec, Image, Posix, Resume, ThreadIndex};

/// Most processes of a run, the ended ones among them, and most that live at once.
const MOST_PROCESSES: usize = 4096;
const MOST_LIVING: usize = 128;

/// Bytes of arguments and environment, as `getconf ARG_MAX` says on Linux.
const LONGEST_ARGUMENTS: usize = 2_097_152;

const SIGCHLD: u8 = 17;
/// What `getppid` says when the parent is gone.
const INIT: u32 = 1;
const WNOHANG: i32 = 1;
const WUNTRACED: i32 = 2;
const WEXITED: i32 = 4;
const WCONTINUED: i32 = 8;
const WNOWAIT: i32 = 0x100_0000;
/// The status of a process that goes on.
const CONTINUED: i32 = 0xffff;

/// Whether a program calls the process with this pid so.
pub(super) fn is_called(pid: u32, name: i32) -> bool {
    i64::from(pid + OS_PIDS) == i64::from(name)
}

impl<I: Image> Machine<I> {
    /// `fork`.
    pub(super) fn fork(&mut self, at: usize, thread: ThreadIndex) -> Answer {
        let living = self.seats.iter().filter(|seat| !seat.is_over()).count();
        if self.seats.len() >= MOST_PROCESSES || living >= MOST_LIVING {
            return Answer::Now(Resume::Error(errno::EAGAIN));
        }
        let (own, limit) = (self.seats[at].memory, self.seats[at].site.image.memory().1);
        if own.saturating_mul(2).saturating_add(self.memory_of_others(at)) > limit {
            return Answer::Now(Resume::Error(errno::ENOMEM));
        }
        let pid = FIRST_PID + self.seats.len() as u32;
        let seat = &self.seats[at];
        let (now, parent, on, is_daemon) = (seat.site.now, seat.site.pid, seat.computer, seat.is_daemon);
        let leaders = (seat.group, seat.session);
        if self.seats.len() == 1 {
            // From now on there are rounds.
            (self.floor_ns, self.round_ns) = (now, now);
        }
        let computer = &mut self.computers[on];
        computer.is_shared = true;
        computer.kernel.fork_process(parent, pid);
        let forked = Between::Forked {
            child: ProcessId(pid),
            objects: self.seats[at].site.image.objects(),
            bytes: self.seats[at].site.image.memory().0,
            descriptors: computer.kernel.descriptors(),
        };
        let forked = self.tape.record(now, parent, thread, EventKind::Between(forked), None);
        let (tape, sent) = (&mut self.tape, &mut self.sent);
        let child = self.seats[at].site.fork(thread, pid, forked, tape, sent);
        self.seats.push(Seat::new(child, on, is_daemon, Some(parent), leaders));
        self.weigh(self.seats.len() - 1);
        Answer::Now(Resume::Int(i64::from(OS_PIDS + pid)))
    }

    /// `exec`: another program in the place of the one that asks. The error is an `errno`.
    pub(super) fn exec(&mut self, at: usize, thread: ThreadIndex, exec: Exec) -> Result<(), i32> {
        let seat = &mut self.seats[at];
        let (now, pid, on) = (seat.site.now, seat.site.pid, seat.computer);
        let strings = exec
            .argv
            .iter()
            .chain(exec.environ.iter().flat_map(|(name, value)| [name, value]));
        let mut bytes = 0;
        for string in strings {
            bytes += string.len();
            // Images keep them as text.
            if str::from_utf8(string).is_err() {
                return Err(errno::EILSEQ);
            }
        }
        if bytes > LONGEST_ARGUMENTS {
            return Err(errno::E2BIG);
        }
        let computer = &mut self.computers[on];
        computer.kernel.switch_to(pid);
        let argv = computer.kernel.python_arguments(&exec)?;
        computer.kernel.close_on_exec(now, pid);
        computer.parked.retain(|parked| parked.pid != pid);
        self.order(at, Order::Exec(thread, Box::new(Exec { argv, ..exec })));
        self.weigh(at);
        Ok(())
    }

    /// Takes note of the memory of a process that has run.
    pub(super) fn weigh(&mut self, at: usize) {
        let seat = &mut self.seats[at];
        let now = seat.site.image.memory().0;
        let before = std::mem::replace(&mut seat.memory, now);
        let all = &mut self.computers[seat.computer].memory;
        *all = all.saturating_sub(before).saturating_add(now);
    }

    /// The memory of the other processes of its computer, by model sizes, bytes.
    pub(super) fn memory_of_others(&self, at: usize) -> u64 {
        let seat = &self.seats[at];
        self.computers[seat.computer].memory.saturating_sub(seat.memory)
    }

    /// `waitpid` of a process, and what of `waitid` is not in Python.
    pub(super) fn wait_pid(
        &mut self,
        (at, thread): (usize, ThreadIndex),
        now_ns: u64,
        wanted: i32,
        options: i32,
    ) -> Answer {
        let (pid, own_group) = (self.seats[at].site.pid, self.seats[at].group);
        let fits = |child: &Seat<I>| match wanted {
            -1 => true,
            0 => child.group == own_group,
            _ if wanted < 0 => is_called(child.group, wanted.saturating_neg()),
            _ => is_called(child.site.pid, wanted),
        };
        let mut children = false;
        for child in &mut self.seats {
            if child.parent != Some(pid) || child.is_reaped || !fits(child) {
                continue;
            }
            children = true;
            let keeps = options & WNOWAIT != 0;
            let found = (child.site.pid + OS_PIDS) as i32;
            if !child.is_over() {
                let asked = |turn: &i32| options & if *turn == CONTINUED { WCONTINUED } else { WUNTRACED } != 0;
                if let Some(turn) = child.turn.filter(asked) {
                    child.turn = child.turn.filter(|_| keeps);
                    return Answer::Now(Resume::Pair(found, turn));
                }
                continue;
            }
            if options & WEXITED == 0 {
                continue;
            }
            child.is_reaped = !keeps;
            let child_id = ProcessId(child.site.pid);
            let status = match child.site.killed_by {
                Some(signal) => i32::from(signal),
                None => (child.status.unwrap_or(0) & 0xff) << 8,
            };
            let family_ns = child.site.family_ns();
            if !keeps {
                let now = self.seats[at].site.now.max(now_ns);
                let reaped = EventKind::Between(Between::Reaped { child: child_id });
                self.tape.record(now, pid, thread, reaped, None);
                self.order(at, Order::ChildHad(family_ns));
            }
            return Answer::Now(Resume::Pair(found, status));
        }
        if !children {
            return Answer::Now(Resume::Error(errno::ECHILD));
        }
        if options & WNOHANG != 0 {
            return Answer::Now(Resume::Pair(0, 0));
        }
        let process = u32::try_from(wanted).ok().filter(|wanted| *wanted > 0);
        let process = process.and_then(|wanted| wanted.checked_sub(OS_PIDS)).map(ProcessId);
        Answer::Later(
            BlockReason::WaitPid { process },
            Posix::WaitPid { pid: wanted, options },
        )
    }

    /// A process was stopped or goes on: its parent hears of it.
    pub(super) fn tell_turn(&mut self, at: usize) {
        let Some(turn) = self.seats[at].site.turned else {
            return;
        };
        self.order(at, Order::Turned);
        let seat = &mut self.seats[at];
        seat.turn = Some(match turn {
            Turn::Stopped(signal) => i32::from(signal) << 8 | 0x7f,
            Turn::Continued => CONTINUED,
        });
        let (now, on) = (seat.site.now, seat.computer);
        self.computers[on].kernel.changed = true;
        self.tell_parent(at);
        self.answer_parked(on, now, None);
    }

    /// A process is over: its children lose their parent, its parent hears of it.
    pub(super) fn tell_family(&mut self, at: usize) {
        let seat = &self.seats[at];
        let (pid, parent) = (seat.site.pid, seat.parent);
        for child in self.seats.iter_mut().filter(|child| child.parent == Some(pid)) {
            child.parent = None;
            child.site.order(Order::Adopted(INIT), &mut self.tape, &mut self.sent);
        }
        let parent_ignores = parent
            .and_then(|parent| self.seats.get((parent - FIRST_PID) as usize))
            .is_some_and(|parent| parent.site.ignores(SIGCHLD));
        if parent_ignores && !std::mem::replace(&mut self.seats[at].is_reaped, true) {
            let reaped = EventKind::Between(Between::Reaped { child: ProcessId(pid) });
            self.tape.record(self.seats[at].site.now, pid, 0, reaped, None);
        }
        self.tell_parent(at);
    }

    /// Sends the parent of a process SIGCHLD.
    fn tell_parent(&mut self, at: usize) {
        let seat = &self.seats[at];
        let (now, parent) = (seat.site.now, seat.parent);
        let Some(parent) = parent.map(|parent| (parent - FIRST_PID) as usize) else {
            return;
        };
        if self
            .seats
            .get(parent)
            .is_some_and(|parent| !matches!(parent.stand, Stand::Over | Stand::Ending(_)))
        {
            let site = &mut self.seats[parent].site;
            self.is_late |= site.now > now && !site.is_indifferent(SIGCHLD);
            site.time(now, &mut self.sent);
            self.order(parent, Order::Signal(SIGCHLD, None));
            self.seats[parent].go_on();
        }
    }
}
