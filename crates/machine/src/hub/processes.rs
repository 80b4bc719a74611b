//! Processes that processes make: `fork`, `waitpid`, signals from one to another.
//!
//! A child has the parent's image, descriptors and folder as they are at the end of the call, and a pid behind all others'. One that is over
//! stays as a zombie until its parent waits for it; without a parent, or with one that ignores SIGCHLD, it goes at once.

use super::{FIRST_PID, Machine, OS_PIDS, Seat, Stand};
use crate::kernel::{Answer, errno};
use heddle_trace::{BlockReason, ProcessId};
use heddle_vm::contract::{Image, Posix, Resume, ThreadIndex};

/// Most processes of a run, the ended ones among them, and most that live at once.
const MOST_PROCESSES: usize = 4096;
const MOST_LIVING: usize = 128;

const SIGPIPE: u8 = 13;
const SIGCHLD: u8 = 17;
/// What `getppid` says when the parent is gone.
const INIT: u32 = 1;
const WNOHANG: i32 = 1;

impl<I: Image> Machine<I> {
    /// `fork`.
    pub(super) fn fork(&mut self, at: usize, thread: ThreadIndex) -> Answer {
        let living = self.seats.iter().filter(|seat| !seat.is_over()).count();
        if self.seats.len() >= MOST_PROCESSES || living >= MOST_LIVING {
            return Answer::Now(Resume::Error(errno::EAGAIN));
        }
        let (own, limit) = self.seats[at].site.image.memory();
        if own.saturating_mul(2).saturating_add(self.memory_of_others(at)) > limit {
            return Answer::Now(Resume::Error(errno::ENOMEM));
        }
        let pid = FIRST_PID + self.seats.len() as u32;
        let seat = &self.seats[at];
        let (now, parent, on, is_daemon) = (seat.site.now, seat.site.pid, seat.computer, seat.is_daemon);
        if self.seats.len() == 1 {
            // From now on there are rounds.
            (self.floor_ns, self.round_ns) = (now, now);
        }
        let computer = &mut self.computers[on];
        computer.is_shared = true;
        computer.kernel.fork_process(parent, pid);
        let name = self.tape.intern(&computer.program);
        let mut site = seat.site.fork(thread, (pid, name), &mut self.tape);
        site.image.forked(thread, OS_PIDS + pid, OS_PIDS + parent);
        site.image.resume(0, Resume::Int(0));
        self.seats.push(Seat {
            site,
            computer: on,
            is_daemon,
            stand: Stand::Going,
            status: None,
            parent: Some(parent),
            is_reaped: false,
        });
        Answer::Now(Resume::Int(i64::from(OS_PIDS + pid)))
    }

    /// The memory of the other processes of its computer, by model sizes, bytes.
    pub(super) fn memory_of_others(&self, at: usize) -> u64 {
        let on = self.seats[at].computer;
        let others = self.seats.iter().enumerate();
        let others = others.filter(|(other, seat)| *other != at && seat.computer == on && !seat.is_over());
        others.map(|(_, seat)| seat.site.image.memory().0).sum()
    }

    /// `waitpid` of a process.
    pub(super) fn wait_pid(&mut self, pid: u32, wanted: i32, options: i32) -> Answer {
        let mut children = false;
        for child in &mut self.seats {
            let fits = wanted <= 0 || i64::from(child.site.pid + OS_PIDS) == i64::from(wanted);
            if child.parent != Some(pid) || child.is_reaped || !fits {
                continue;
            }
            children = true;
            if !child.is_over() {
                continue;
            }
            child.is_reaped = true;
            let status = match child.site.killed_by {
                Some(signal) => i32::from(signal),
                None => (child.status.unwrap_or(0) & 0xff) << 8,
            };
            let (found, family_ns) = (child.site.pid, child.site.family_ns());
            if let Some(parent) = self.seats.get_mut((pid - FIRST_PID) as usize) {
                let children_ns = &mut parent.site.children_ns;
                *children_ns = (children_ns.0 + family_ns.0, children_ns.1 + family_ns.1);
            }
            return Answer::Now(Resume::Pair((found + OS_PIDS) as i32, status));
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

    /// `kill` of another process on the same computer.
    pub(super) fn kill(&mut self, pid: u32, now: u64, target: i32, signal: u8) -> Resume {
        let on = self.seats[(pid - FIRST_PID) as usize].computer;
        let found = self.seats.iter_mut().find(|seat| {
            let named = i64::from(seat.site.pid + OS_PIDS) == i64::from(target);
            // An ended one is there until its parent has waited for it.
            let is_gone = seat.is_reaped || seat.is_over() && seat.parent.is_none();
            named && seat.computer == on && seat.site.pid != pid && !is_gone
        });
        let Some(seat) = found else {
            return Resume::Error(errno::ESRCH);
        };
        if signal > 0 && !matches!(seat.stand, Stand::Over | Stand::Ending(_)) {
            seat.site.now = seat.site.now.max(now);
            seat.site.send_signal(signal, None, &mut self.tape);
            if seat.site.killed_by.is_some() {
                seat.stand = Stand::Going;
            }
            seat.go_on();
        }
        Resume::Done
    }

    /// A thread has written to what nobody reads any more.
    pub(super) fn broken_pipe(&mut self, at: usize, thread: ThreadIndex) {
        let site = &mut self.seats[at].site;
        if !site.ignores(SIGPIPE) {
            site.send_signal(SIGPIPE, Some(thread), &mut self.tape);
        }
    }

    /// A process is over: its children lose their parent, its parent hears of it.
    pub(super) fn tell_family(&mut self, at: usize) {
        let seat = &self.seats[at];
        let (pid, now, parent) = (seat.site.pid, seat.site.now, seat.parent);
        for child in self.seats.iter_mut().filter(|child| child.parent == Some(pid)) {
            child.parent = None;
            child.site.image.adopted(INIT);
        }
        let Some(parent) = parent.map(|parent| (parent - FIRST_PID) as usize) else {
            return;
        };
        let parent_ignores = self
            .seats
            .get(parent)
            .is_some_and(|parent| parent.site.ignores(SIGCHLD));
        self.seats[at].is_reaped |= parent_ignores;
        if let Some(parent) = self.seats.get_mut(parent)
            && !matches!(parent.stand, Stand::Over | Stand::Ending(_))
        {
            parent.site.now = parent.site.now.max(now);
            parent.site.send_signal(SIGCHLD, None, &mut self.tape);
            parent.go_on();
        }
    }
}
