//! Several processes: conservative rounds.
//!
//! A round begins at the earliest moment at which anything can happen and is as long as the shortest way between two computers: what one
//! process does in it reaches no other one before its end. Processes of one computer have no such bound: their rounds begin short, double while nothing comes
//! late to anybody, and begin short again when something has. Every process runs up to that end, or to what arrives at its computer before, or
//! to a call of the kernel. When all stand still, the hub takes the earliest decision, a call, an end or an arrival, in the order (time, pid,
//! thread), arrivals first; whoever can go on then does. With no decision left in it, the round is over.

use super::{End, Machine, Stand};
use crate::apart::Order;
use crate::config::LimitKind;
use crate::site::{Grant, Why};
use heddle_vm::contract::{HostLimit, Image};

/// The longest round, ns: so much later than it should be, something that one does (a signal, a wake-up of another thread, a wish for its core) reaches
/// another that is running. Who waits hears of it at its very moment.
const LONGEST_ROUND_NS: u64 = 10_000_000;
/// The longest of all, ns, which it is when all have computed for [`QUIET_ROUNDS`] times as long and asked the kernel for nothing.
const LONGEST_QUIET_ROUND_NS: u64 = 50_000_000;
/// How much longer than a round all have been quiet before.
const QUIET_ROUNDS: u64 = 16;
/// The longest while a thread of a process waits for the kernel beside others that run, or a thread waits for a core (then a quarter of a quantum at most).
const HEARING_ROUND_NS: u64 = 1_000_000;
/// The first one, the next one after something has come late, and those in which a process is to give up a core.
const SHORTEST_ROUND_NS: u64 = 50_000;

impl<I: Image> Machine<I> {
    /// Runs a process up to its next stop, or decides what comes next; the work that took. `None`: it must wait for those that live apart.
    ///
    /// Whoever can go on gets its grant when nobody has any, so that nothing that one does in it changes another's. Then they run, in order, those that
    /// live apart beside the others.
    pub(super) fn step_round(&mut self, work: u64) -> Option<u64> {
        if self.is_portrayed() {
            return None;
        }
        let Some(at) = self.going() else {
            if std::mem::take(&mut self.interrupting) {
                self.interrupted = self.interrupt();
                return Some(1);
            }
            self.decide();
            return Some(1);
        };
        // Those that live apart are to begin before the hub's own do.
        if !self.grant() || std::mem::take(&mut self.hosts.has_grants) || self.seats[at].site.is_awaited {
            return None;
        }
        let seat = &mut self.seats[at];
        let until_ns = seat.granted_ns.unwrap_or(self.round_ns);
        let report = seat.site.advance(Grant { until_ns, work }, &mut self.tape);
        let used = seat.site.work.max(1);
        self.note_work(at, used, matches!(report.why, Why::SystemCall { .. }));
        let seat = &mut self.seats[at];
        if seat.site.image.is_torn() {
            let sentence = "The run was ended since a process in a worker of its own did not do what it should.";
            self.finish(End::Lost(sentence.to_owned()));
            return Some(used);
        }
        if !matches!(report.why, Why::OutOfWork | Why::Halted) {
            seat.granted_ns = None;
            self.weigh(at);
        }
        let seat = &mut self.seats[at];
        match report.why {
            Why::OutOfWork => {}
            Why::Halted => self.pass(at),
            Why::Used => seat.stand = Stand::Used(until_ns),
            Why::Idle { until_ns } => seat.stand = Stand::Idle(until_ns),
            Why::SystemCall { thread, call } => seat.stand = Stand::Calls { thread, call },
            Why::Ended { status } => seat.stand = Stand::Ending(status),
            Why::Turned => seat.stand = Stand::Turned,
            Why::Limit(HostLimit::Memory) => self.stop_at(LimitKind::Memory),
            Why::Limit(HostLimit::Threads) => self.stop_at(LimitKind::Threads),
        }
        if let Some(complaint) = self.seats[at].site.complaint() {
            self.finish(End::Schedule(complaint));
        }
        Some(used)
    }

    /// The next one that can go on.
    pub(super) fn going(&self) -> Option<usize> {
        self.seats.iter().position(|seat| matches!(seat.stand, Stand::Going))
    }

    /// Gives all that can go on and have no grant theirs; false: one of them moves to a host of its own first.
    fn grant(&mut self) -> bool {
        let due = |seat: &super::Seat<I>| matches!(seat.stand, Stand::Going) && seat.granted_ns.is_none();
        if !self.seats.iter().any(due) {
            return true;
        }
        if self.find_host() {
            return false;
        }
        for at in 0..self.seats.len() {
            if !due(&self.seats[at]) {
                continue;
            }
            if self.computers[self.seats[at].computer].is_shared {
                let others = self.memory_of_others(at);
                if self.seats[at].others_use != others {
                    self.seats[at].others_use = others;
                    self.order(at, Order::OthersUse(others));
                }
            }
            let until_ns = self.until(at);
            let seat = &mut self.seats[at];
            seat.granted_ns = Some(until_ns);
            seat.site.grant(until_ns, &mut self.sent);
            self.hosts.has_grants |= seat.site.is_awaited;
        }
        true
    }

    /// How long the next round is, ns.
    fn round_length(&mut self) -> u64 {
        let longest_ns = self.longest_round();
        let before_ns = std::mem::replace(&mut self.round_length_ns, SHORTEST_ROUND_NS);
        if !std::mem::take(&mut self.is_late) {
            self.round_length_ns = before_ns.saturating_mul(2);
        }
        self.round_length_ns = self.round_length_ns.min(longest_ns);
        // Those of computers that share nothing are as long as the way between them; nothing can come late there.
        let apart = !self.computers.iter().any(|computer| computer.is_shared);
        let length_ns = if apart { LONGEST_ROUND_NS } else { self.round_length_ns };
        length_ns.min(self.wire.least_ns())
    }

    /// How long a round may be, by what could reach a process that runs.
    fn longest_round(&self) -> u64 {
        let living = |on: usize| {
            self.seats
                .iter()
                .filter(move |seat| seat.computer == on && !seat.is_over())
        };
        let shared = self
            .computers
            .iter()
            .enumerate()
            .filter(|(_, computer)| computer.is_shared);
        let all = || {
            shared
                .clone()
                .filter(|(on, _)| living(*on).count() > 1)
                .flat_map(|(on, _)| living(on))
        };
        if all().any(|seat| seat.site.giving() > 0) {
            return SHORTEST_ROUND_NS;
        }
        if all().any(|seat| seat.site.waits_for_core().is_some()) {
            return (self.quantum_ns / 4).clamp(SHORTEST_ROUND_NS, HEARING_ROUND_NS);
        }
        if all().any(|seat| seat.site.runs_and_listens()) {
            HEARING_ROUND_NS
        } else {
            let quiet_ns = self.floor_ns.saturating_sub(self.heard_ns);
            (quiet_ns / QUIET_ROUNDS).clamp(LONGEST_ROUND_NS, LONGEST_QUIET_ROUND_NS)
        }
    }

    /// When a core is handed over that somebody waits for at this moment, ns: then, unless that has been tried for everybody.
    fn hand_over(&mut self, at_ns: u64) -> u64 {
        if at_ns > self.floor_ns {
            return at_ns;
        }
        let (last_ns, times) = self.handed_over;
        let times = if last_ns == at_ns { times + 1 } else { 1 };
        self.handed_over = (at_ns, times);
        if times > self.seats.len() { self.round_ns } else { at_ns }
    }

    /// How far a process may go, ns.
    pub(super) fn until(&self, at: usize) -> u64 {
        let computer = self.seats.get(at).and_then(|seat| self.computers.get(seat.computer));
        let arrival = computer.and_then(|computer| computer.kernel.next_arrival());
        arrival.unwrap_or(u64::MAX).min(self.round_ns)
    }

    /// Everybody stands still: takes the earliest decision.
    fn decide(&mut self) {
        let asks = |(at, seat): (usize, &super::Seat<I>)| {
            let waits = matches!(seat.stand, Stand::Calls { .. } | Stand::Ending(_) | Stand::Turned);
            waits.then_some((seat.site.now, at))
        };
        let call = self.seats.iter().enumerate().filter_map(asks).min();
        let arrival = self.next_in_network();
        let first_ns = call.map_or(self.round_ns, |(time_ns, _)| time_ns);
        match (arrival, call) {
            (Some((time_ns, on)), _) if time_ns <= first_ns => {
                self.arrive(on, time_ns);
                self.divide_cores(time_ns);
            }
            (_, Some((time_ns, at))) => {
                self.heard_ns = self.heard_ns.max(time_ns);
                self.carry_out(at);
                self.divide_cores(time_ns);
            }
            (_, None) => self.next_round(),
        }
        for at in 0..self.seats.len() {
            let until_ns = self.until(at);
            let stand = &mut self.seats[at].stand;
            let goes_on = match stand {
                Stand::Used(used_ns) => *used_ns < until_ns,
                Stand::Idle(next) => next.is_some_and(|next| next < until_ns),
                _ => false,
            };
            if goes_on {
                *stand = Stand::Going;
            }
        }
    }

    /// When the next decision of this round falls, ns: a call, an end, an arrival.
    pub(super) fn next_decision(&self) -> Option<u64> {
        let asks = |seat: &super::Seat<I>| {
            let waits = matches!(seat.stand, Stand::Calls { .. } | Stand::Ending(_) | Stand::Turned);
            waits.then_some(seat.site.now)
        };
        let call = self.seats.iter().filter_map(asks).min();
        let arrival = self.next_in_network().map(|(time_ns, _)| time_ns);
        call.into_iter()
            .chain(arrival.filter(|&time_ns| time_ns <= self.round_ns))
            .min()
    }

    /// The next arrival anywhere: when, ns, and at which computer.
    fn next_in_network(&self) -> Option<(u64, usize)> {
        let next = |(on, computer): (usize, &super::Computer)| Some((computer.kernel.next_arrival()?, on));
        self.computers.iter().enumerate().filter_map(next).min()
    }

    /// What a process waits for: its call, or its end.
    fn carry_out(&mut self, at: usize) {
        match std::mem::replace(&mut self.seats[at].stand, Stand::Going) {
            Stand::Calls { thread, call } => self.system_call(at, thread, call),
            Stand::Ending(status) => self.process_over(at, status),
            Stand::Turned => self.tell_turn(at),
            other => self.seats[at].stand = other,
        }
    }

    /// Goes on to the next moment at which anything happens.
    fn next_round(&mut self) {
        // Who waits for a core gets one that has become free as from then on, and one that another process has when that has had its share.
        let waits = |seat: &super::Seat<I>| {
            let shared = self.computers.get(seat.computer).is_some_and(|on| on.is_shared);
            let waits = shared && !seat.is_over() && seat.site.waits_for_core().is_some();
            waits.then(|| {
                let free = self.core_free_since(seat.computer);
                free.map_or(self.round_ns, |free_ns| free_ns.max(seat.site.now).max(self.floor_ns))
            })
        };
        let waiting = self.seats.iter().filter_map(waits).min();
        let waiting = waiting.map(|at_ns| self.hand_over(at_ns));
        let own = self.seats.iter().filter_map(|seat| match seat.stand {
            Stand::Used(used_ns) => Some(used_ns),
            Stand::Idle(next) => next,
            _ => None,
        });
        let network = self.next_in_network().map(|(time_ns, _)| time_ns);
        let Some(floor_ns) = own.chain(network).chain(waiting).min() else {
            return self.nothing_left();
        };
        let floor_ns = floor_ns.max(self.floor_ns);
        self.floor_ns = self.floor_ns.max(floor_ns.min(self.limits.virtual_ns));
        self.tape.settle(self.floor_ns);
        if floor_ns >= self.limits.virtual_ns {
            return self.stop_at(LimitKind::VirtualTime);
        }
        self.divide_cores(floor_ns);
        let length_ns = self.round_length();
        // Who sleeps has been quiet on purpose: a round is no longer than usual when it wakes in it.
        let woken = self.seats.iter().filter_map(|seat| match seat.stand {
            Stand::Idle(next) => next,
            _ => None,
        });
        let usual_ns = floor_ns.saturating_add(length_ns.min(LONGEST_ROUND_NS));
        let sleeps_ns = woken.min().unwrap_or(u64::MAX);
        let end_ns = floor_ns.saturating_add(length_ns).min(usual_ns.max(sleeps_ns));
        self.round_ns = end_ns.min(self.limits.virtual_ns);
    }
}
