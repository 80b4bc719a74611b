//! Where processes live: at the hub, or at hosts of their own (Web Workers), of which whoever drives the machine has some.
//!
//! Who lives where changes nothing in the simulation, only how long it takes. A process moves once, from the hub to a host, and its children are born
//! where it lives. The first process stays at the hub.
//!
//! A process moves when that pays: its calls are carried out at the hub, each takes a message there and one back, and meanwhile the others stand still. So it
//! must have computed for much longer than all its calls would have taken ([`CALL`]), and another process must compute at the same time. One of those that
//! compute stays at the hub, which has nothing else to do meanwhile: the first one, since the hub carries out its own processes' grants in order, while
//! those that are further back run elsewhere.

use super::{End, Machine, Stand};
use crate::apart::{Order, Replica, Report};
use heddle_vm::contract::Image;

/// What a call costs a process that lives apart, in work (see [`Machine::advance`]): about 100 µs.
const CALL: u64 = 100_000;
/// How much of what a process has gained counts, as a multiple of what it takes to move: who has computed long ago and only talks now does not move.
const MOST: u64 = 2;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    /// Whether somebody lives there, by number of the host.
    taken: Vec<bool>,
    /// How much work a process must have gained before it moves. 0: all but the first move as soon as there is another one.
    after_work: u64,
    /// Whether somebody may move now.
    is_ready: bool,
    /// Who is about to move, and to which host.
    leaving: Option<(u32, usize)>,
    /// Those that nobody lives at any more.
    closed: Vec<usize>,
    /// Processes that were asked what the deadlock report needs and have not answered.
    portrayed: u32,
    /// Grants have been given that are on their way to nobody yet.
    pub has_grants: bool,
    /// The last [`Machine::advance`] ended before its work was done, since hosts are to be served.
    pub was_cut: bool,
}

impl<I: Image> Machine<I> {
    /// Lets processes live apart at so many hosts, when that pays: when one has gained so much work. 0: as soon as there are two.
    pub fn spread(&mut self, hosts: usize, after_work: u64) {
        self.hosts.taken = vec![false; hosts];
        self.hosts.after_work = after_work;
        self.hosts.is_ready = true;
    }

    /// Whether a host waits for a process; until one does nobody moves.
    pub fn host_is_ready(&mut self, is_ready: bool) {
        self.hosts.is_ready = is_ready;
    }

    /// The process that moves to a host now, and its number: a copy of the machine as it is now is the other side ([`Machine::into_replica`]), and
    /// [`Machine::left`] says that it has been made. Nothing goes on before.
    #[must_use]
    pub fn leaving(&self) -> Option<(u32, usize)> {
        self.hosts.leaving
    }

    /// Whether a process lives apart, or is about to.
    pub(super) fn is_spread(&self) -> bool {
        self.hosts.leaving.is_some() || self.seats.iter().any(|seat| seat.site.host.is_some())
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

    /// What a host is to be given, in order; empty if nothing has to be sent now. To be asked for each host after each [`Machine::advance`].
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

    /// Whether the machine can do nothing before a report, or [`Machine::left`].
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        let next = self.going().is_some_and(|at| self.seats[at].site.is_awaited);
        self.end.is_none() && (self.hosts.leaving.is_some() || self.hosts.portrayed > 0 || next)
    }

    /// Whether the last [`Machine::advance`] ended before its work was done, to have hosts served.
    #[must_use]
    pub fn was_cut(&self) -> bool {
        self.hosts.was_cut
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

    /// Takes note of what a process has done that had a grant: so much work, and whether a call is what it stopped for.
    pub(super) fn note_work(&mut self, at: usize, work: u64, calls: bool) {
        let most = self.hosts.after_work.saturating_mul(MOST).max(CALL);
        let gained = &mut self.seats[at].gained;
        *gained = gained.saturating_add(work).min(most);
        if calls {
            *gained = gained.saturating_sub(CALL);
        }
    }

    /// Whether somebody is about to move. To be asked when nobody has a grant.
    pub(super) fn find_host(&mut self) -> bool {
        if self.hosts.leaving.is_some() {
            return true;
        }
        if !self.hosts.is_ready {
            return false;
        }
        let is_going = |stand: &Stand| matches!(stand, Stand::Going);
        let Some((pid, host)) = self.next_to_leave(self.hosts.after_work, is_going) else {
            return false;
        };
        self.hosts.taken[host] = true;
        self.hosts.leaving = Some((pid, host));
        true
    }

    /// Whether a process may move soon, for all one can see.
    #[must_use]
    pub fn will_leave(&self) -> bool {
        let soon = self.hosts.after_work / 8;
        let computes = |stand: &Stand| !matches!(stand, Stand::Idle(_));
        self.end.is_none() && self.hosts.leaving.is_none() && self.next_to_leave(soon, computes).is_some()
    }

    /// Who of those that stand so moves to which host, if it has gained so much. `None`: no host is free, or nobody else would gain as much.
    fn next_to_leave(&self, gained: u64, stands_so: impl Fn(&Stand) -> bool) -> Option<(u32, usize)> {
        let host = self.hosts.taken.iter().position(|taken| !taken)?;
        let always = self.hosts.after_work == 0;
        let is_busy =
            |seat: &&super::Seat<I>| !seat.is_over() && seat.gained >= gained && (always || stands_so(&seat.stand));
        // The first of those that compute stays.
        let first = self.seats.iter().position(|seat| is_busy(&seat))?;
        let moves = |seat: &&super::Seat<I>| {
            is_busy(seat) && seat.site.host.is_none() && seat.parent.is_some() && stands_so(&seat.stand)
        };
        let others = self.seats.iter().skip(if always { 1 } else { first + 1 });
        let seat = others.filter(is_busy).rfind(moves)?;
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
