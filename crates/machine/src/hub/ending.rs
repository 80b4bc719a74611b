//! The ends: of a process, of the run, by a limit, in a deadlock.

use super::{End, Machine, Seat, Stand};
use crate::apart::Order;
use crate::config::LimitKind;
use crate::deadlock::{BlockedThread, DeadlockReport, report};
use heddle_trace::{BlockReason, Note, OS_PIDS, StateClass, ThreadState};
use heddle_vm::contract::Image;

/// Why the living threads of a process are blocked.
fn reasons<I: Image>(seat: &Seat<I>) -> impl Iterator<Item = BlockReason> {
    seat.site.living().filter_map(|(_, entry)| match entry.state {
        ThreadState::Blocked(reason) => Some(reason),
        _ => None,
    })
}

fn is_io(reason: BlockReason) -> bool {
    reason.class() == StateClass::Io
}

impl<I: Image> Machine<I> {
    /// One of several processes is over: its descriptors are closed, and perhaps the run is over too.
    pub(super) fn process_over(&mut self, at: usize, status: i32) {
        let seat = &mut self.seats[at];
        seat.stand = Stand::Over;
        seat.status = Some(status);
        let (now, pid, on) = (seat.site.now, seat.site.pid, seat.computer);
        let computer = &mut self.computers[on];
        computer.parked.retain(|parked| parked.pid != pid);
        computer.kernel.close_process(now, pid);
        computer.kernel.changed = true;
        self.order(at, Order::End);
        self.computers[on].memory = self.computers[on]
            .memory
            .saturating_sub(std::mem::take(&mut self.seats[at].memory));
        self.tell_family(at);
        self.carry(on, now);
        self.answer_parked(on, now, None);
        self.leave_host(at);
        if self.seats.iter().all(|seat| seat.is_daemon || seat.status.is_some()) {
            self.finish(End::Exited(self.first().status.unwrap_or(0)));
        }
    }

    /// No timer, no grant and no arrival is left: over, or a deadlock.
    pub(super) fn nothing_left(&mut self) {
        let alone = self.seats.len() == 1;
        if alone && self.first().site.living().next().is_none() {
            return self.finish(End::Exited(0));
        }
        if let Some(status) = self.first().status
            && self.can_be_asked()
        {
            return self.finish(End::Exited(status));
        }
        if self.ask_for_portraits() {
            return;
        }
        let mut found = DeadlockReport { threads: Vec::new() };
        for seat in &self.seats {
            let name = self
                .computers
                .get(seat.computer)
                .map_or_else(String::new, |computer| computer.name.clone());
            // Of several computers each has its first process; only more than those need a number.
            let pid = (self.seats.len() > self.computers.len()).then_some(seat.site.pid + OS_PIDS);
            let threads = match self.portraits.remove(&seat.site.pid) {
                Some(threads) => threads
                    .into_iter()
                    .map(|thread| BlockedThread {
                        pid,
                        computer: name.clone(),
                        ..thread
                    })
                    .collect(),
                None => report(&seat.site, pid, &name).threads,
            };
            let now = seat.site.now.max(self.floor_ns);
            for blocked in &threads {
                let text = blocked.sentence();
                self.tape
                    .note(now, seat.site.pid, blocked.thread, Note::Deadlock, &text);
            }
            found.threads.extend(threads);
        }
        self.finish(End::Deadlock(found));
    }

    /// Whether the programs that the run waits for only wait to be asked for something, as servers do: on every computer a thread waits for a
    /// descriptor, and each process has one that waits for that or for another process.
    fn can_be_asked(&self) -> bool {
        let waited = || self.seats.iter().filter(|seat| !seat.is_daemon && !seat.is_over());
        waited().all(|seat| {
            let on_computer = waited().filter(|other| other.computer == seat.computer);
            let for_processes = |reason| {
                matches!(
                    reason,
                    BlockReason::WaitPid { .. } | BlockReason::SharedSemaphore { .. }
                )
            };
            let of_it = || reasons(seat);
            of_it().any(|reason| is_io(reason) || for_processes(reason)) && on_computer.flat_map(reasons).any(is_io)
        })
    }

    pub(super) fn stop_at(&mut self, kind: LimitKind) {
        let sentence = self.limits.sentence(kind);
        let (now, pid) = (self.moment(), self.first().site.pid);
        self.tape.note(now, pid, 0, Note::LimitReached, &sentence);
        self.finish(End::Limit(kind, sentence));
    }

    pub(super) fn finish(&mut self, end: End) {
        if self.end.is_some() {
            return;
        }
        let furthest = self.seats.iter().map(|seat| seat.site.now).max().unwrap_or(0);
        let now = furthest.max(self.floor_ns);
        for seat in &mut self.seats {
            let site = seat.site.near();
            site.now = site.now.max(now);
            site.flush_all(&mut self.tape);
            site.close_cores();
        }
        self.close_hosts();
        self.tape.finish(now);
        self.end = Some(end);
    }
}
