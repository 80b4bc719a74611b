//! Where processes live: at the hub, or at hosts of their own (Web Workers), of which whoever drives the machine has some.
//!
//! Who lives where changes nothing in the simulation, only how long it takes. A process moves once, from the hub to a host, when it and another one have
//! taken enough work to be worth it; its children are born where it lives. The first process stays at the hub. Of several the last moves first: the hub
//! carries out its own processes' grants first, in order, while others run.

use super::{End, Machine, Stand};
use crate::apart::{Order, Replica, Report};
use heddle_vm::contract::Image;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    /// Whether somebody lives there, by number of the host.
    taken: Vec<bool>,
    /// How much work a process must have taken before it moves.
    after_work: u64,
    /// Who is about to move, and to which host.
    leaving: Option<(u32, usize)>,
    /// Those that nobody lives at any more.
    closed: Vec<usize>,
    /// Processes that were asked what the deadlock report needs and have not answered.
    portrayed: u32,
}

impl<I: Image> Machine<I> {
    /// Lets processes live apart at so many hosts, when they have taken so much work.
    pub fn spread(&mut self, hosts: usize, after_work: u64) {
        self.hosts.taken = vec![false; hosts];
        self.hosts.after_work = after_work;
    }

    /// The process that moves to a host now, and its number: a copy of the machine as it is now is the other side ([`Machine::into_replica`]), and
    /// [`Machine::left`] says that it has been made. Nothing goes on before.
    #[must_use]
    pub fn leaving(&self) -> Option<(u32, usize)> {
        self.hosts.leaving
    }

    /// The process that moves has a copy at its host.
    pub fn left(&mut self) {
        let Some((pid, host)) = self.hosts.leaving.take() else {
            return;
        };
        if let Some(seat) = self.seats.iter_mut().find(|seat| seat.site.pid == pid) {
            seat.site.leave(host);
        }
    }

    /// What the copy is, at the host.
    #[must_use]
    pub fn into_replica(self) -> Option<Replica<I>> {
        let (pid, _) = self.hosts.leaving?;
        let seat = self.seats.into_iter().find(|seat| seat.site.pid == pid)?;
        Some(Replica::new(seat.site))
    }

    /// What a host is to be given, in order; empty if nothing has to be sent now.
    pub fn orders(&mut self, host: usize) -> Vec<(u32, Order)> {
        let runs = |seat: &super::Seat<I>| seat.site.host == Some(host) && seat.site.is_awaited;
        if self.seats.iter().any(runs) || self.hosts.portrayed > 0 {
            self.sent.take(host)
        } else {
            Vec::new()
        }
    }

    /// A host has answered.
    pub fn reported(&mut self, reports: Vec<Report>) {
        for mut report in reports {
            if let Some(portrait) = report.portrait.take() {
                self.portraits.insert(report.pid, portrait);
                self.hosts.portrayed = self.hosts.portrayed.saturating_sub(1);
            } else if let Some(seat) = self.seats.iter_mut().find(|seat| seat.site.pid == report.pid) {
                seat.site.reported(report);
            }
        }
    }

    /// A host is gone; the sentence says why.
    pub fn lost(&mut self, sentence: String) {
        self.finish(End::Lost(sentence));
    }

    /// Hosts at which nobody lives any more, since this was asked last.
    pub fn closed_hosts(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.hosts.closed)
    }

    /// Whether the machine waits for a report, or for [`Machine::left`].
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.end.is_none() && (self.hosts.leaving.is_some() || self.hosts.portrayed > 0 || self.is_awaiting())
    }

    /// When the Ctrl-C came that had to wait, ns; since this was asked last.
    pub fn interrupted(&mut self) -> Option<u64> {
        self.interrupted.take()
    }

    pub(super) fn is_awaiting(&self) -> bool {
        self.seats.iter().any(|seat| seat.site.is_awaited)
    }

    pub(super) fn is_portrayed(&self) -> bool {
        self.hosts.portrayed > 0
    }

    /// Does something to a site.
    pub(super) fn order(&mut self, at: usize, order: Order) {
        self.seats[at].site.order(order, &mut self.tape, &mut self.sent);
    }

    /// Whether somebody is about to move. To be asked when nobody has a grant.
    pub(super) fn find_host(&mut self) -> bool {
        if self.hosts.leaving.is_some() {
            return true;
        }
        let is_going = |stand: &Stand| matches!(stand, Stand::Going);
        let Some((pid, host)) = self.next_to_leave(self.hosts.after_work, is_going) else {
            return false;
        };
        self.hosts.taken[host] = true;
        self.hosts.leaving = Some((pid, host));
        true
    }

    /// Whether a process will move soon, for all one can see.
    #[must_use]
    pub fn will_leave(&self) -> bool {
        let soon = self.hosts.after_work / 2;
        self.end.is_none() && self.hosts.leaving.is_none() && self.next_to_leave(soon, |_| true).is_some()
    }

    /// Who of those that stand so moves to which host, if so much work is enough. `None`: no host is free, or fewer than two processes have taken so much.
    fn next_to_leave(&self, after_work: u64, stands_so: impl Fn(&Stand) -> bool) -> Option<(u32, usize)> {
        let host = self.hosts.taken.iter().position(|taken| !taken)?;
        let is_busy = |seat: &&super::Seat<I>| !seat.is_over() && seat.work >= after_work;
        if self.seats.iter().filter(is_busy).count() < 2 {
            return None;
        }
        let moves =
            |seat: &&super::Seat<I>| seat.site.host.is_none() && seat.parent.is_some() && stands_so(&seat.stand);
        let seat = self.seats.iter().skip(1).filter(is_busy).rfind(moves)?;
        Some((seat.site.pid, host))
    }

    /// A process of a host is over: perhaps nobody lives there any more.
    pub(super) fn leave_host(&mut self, at: usize) {
        let Some(host) = self.seats[at].site.host else { return };
        if !self
            .seats
            .iter()
            .any(|seat| seat.site.host == Some(host) && !seat.is_over())
        {
            self.hosts.taken[host] = false;
            self.hosts.closed.push(host);
            self.sent.take(host);
        }
    }

    /// The run is over.
    pub(super) fn close_hosts(&mut self) {
        for (host, taken) in self.hosts.taken.iter_mut().enumerate() {
            if std::mem::take(taken) {
                self.hosts.closed.push(host);
            }
        }
        self.hosts.portrayed = 0;
        self.hosts.leaving = None;
        for seat in &mut self.seats {
            seat.site.is_awaited = false;
        }
    }

    /// Asks processes that live apart for what the deadlock report needs; false: all have told.
    pub(super) fn ask_for_portraits(&mut self) -> bool {
        for at in 0..self.seats.len() {
            let seat = &self.seats[at];
            if seat.site.host.is_some() && !seat.is_over() && !self.portraits.contains_key(&seat.site.pid) {
                self.order(at, Order::Portray);
                self.hosts.portrayed += 1;
            }
        }
        self.hosts.portrayed > 0
    }
}
