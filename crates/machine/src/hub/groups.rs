//! Process groups and sessions, and signals from one process to others.
//!
//! A process that was there from the start leads a group, as one that a shell has started; a forked one begins in its parent's group and session. Not
//! modelled: groups of the terminal (Ctrl-C is for the first program's group, every process may read and write), orphaned groups.

use super::processes::is_called;
use super::{Machine, OwnSignal, Seat, Stand};
use crate::apart::Order;
use crate::kernel::errno;
use heddle_trace::OS_PIDS;
use heddle_vm::contract::{Image, Resume};

impl<I: Image> Machine<I> {
    /// The process that a program of seat `at` calls so (0: itself), if it is there; one that is over is until its parent has waited for it.
    fn process_called(&self, at: usize, pid: i32) -> Option<usize> {
        if pid == 0 {
            return Some(at);
        }
        let here = |seat: &Seat<I>| seat.computer == self.seats[at].computer && seat.is_there();
        self.seats
            .iter()
            .position(|seat| here(seat) && is_called(seat.site.pid, pid))
    }

    /// `kill`: of a process, of a group (0: the own one, negative: by its number), or of all others (-1). With the answer, what is left to do:
    /// a signal for the process itself comes after its answer.
    pub(super) fn kill(&mut self, at: usize, now: u64, target: i32, signal: u8) -> (Resume, Option<OwnSignal>) {
        let (on, own_group) = (self.seats[at].computer, self.seats[at].group);
        let is_meant = |other: usize, seat: &Seat<I>| match target {
            0 => seat.group == own_group,
            -1 => other != at,
            _ if target < 0 => is_called(seat.group, target.saturating_neg()),
            _ => is_called(seat.site.pid, target),
        };
        let all = self.seats.iter().enumerate();
        let here = all.filter(|(_, seat)| seat.computer == on && seat.is_there());
        let meant: Vec<usize> = here
            .filter(|(other, seat)| is_meant(*other, seat))
            .map(|(other, _)| other)
            .collect();
        if meant.is_empty() {
            return (Resume::Error(errno::ESRCH), None);
        }
        if signal == 0 {
            return (Resume::Done, None);
        }
        for &other in meant.iter().filter(|&&other| other != at) {
            self.signal_from_outside(other, now, signal);
        }
        (Resume::Done, meant.contains(&at).then_some((signal, None)))
    }

    /// A signal for a process from another one.
    fn signal_from_outside(&mut self, at: usize, now: u64, signal: u8) {
        if matches!(self.seats[at].stand, Stand::Over | Stand::Ending(_)) {
            return;
        }
        self.is_late |= self.seats[at].site.now > now;
        self.seats[at].site.time(now, &mut self.sent);
        self.order(at, Order::Signal(signal, None));
        let seat = &mut self.seats[at];
        if seat.site.killed_by.is_some() {
            seat.stand = Stand::Going;
        }
        seat.go_on();
        self.tell_turn(at);
    }

    /// `setpgid`.
    pub(super) fn set_group(&mut self, at: usize, pid: i32, group: i32) -> Resume {
        if group < 0 {
            return Resume::Error(errno::EINVAL);
        }
        let own = (self.seats[at].site.pid, self.seats[at].session);
        let found = self.process_called(at, pid);
        let Some(found) = found.filter(|&found| found == at || self.seats[found].parent == Some(own.0)) else {
            return Resume::Error(errno::ESRCH);
        };
        let target = &self.seats[found];
        let (pid, on) = (target.site.pid, target.computer);
        if target.session == pid || target.session != own.1 {
            return Resume::Error(errno::EPERM);
        }
        let group = match u32::try_from(group).ok().and_then(|group| group.checked_sub(OS_PIDS)) {
            Some(group) if group != pid => group,
            Some(_) => pid,
            None if group == 0 => pid,
            None => return Resume::Error(errno::EPERM),
        };
        let is_member =
            |seat: &Seat<I>| seat.computer == on && seat.is_there() && seat.group == group && seat.session == own.1;
        if group != pid && !self.seats.iter().any(is_member) {
            return Resume::Error(errno::EPERM);
        }
        self.seats[found].group = group;
        Resume::Done
    }

    /// `setsid`.
    pub(super) fn new_session(&mut self, at: usize) -> Resume {
        let pid = self.seats[at].site.pid;
        if self.seats.iter().any(|seat| seat.is_there() && seat.group == pid) {
            return Resume::Error(errno::EPERM);
        }
        (self.seats[at].group, self.seats[at].session) = (pid, pid);
        Resume::Int(i64::from(pid + OS_PIDS))
    }

    /// `getpgid`.
    pub(super) fn group_of(&self, at: usize, pid: i32) -> Resume {
        self.told(at, pid, |seat| seat.group)
    }

    /// `getsid`.
    pub(super) fn session_of(&self, at: usize, pid: i32) -> Resume {
        self.told(at, pid, |seat| seat.session)
    }

    fn told(&self, at: usize, pid: i32, leader: fn(&Seat<I>) -> u32) -> Resume {
        match self.process_called(at, pid) {
            Some(found) => Resume::Int(i64::from(leader(&self.seats[found]) + OS_PIDS)),
            None => Resume::Error(errno::ESRCH),
        }
    }
}
