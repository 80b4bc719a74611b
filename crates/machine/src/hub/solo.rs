//! One process alone: grants on the grid, each system call carried out as it comes.

use super::{End, Machine};
use crate::config::LimitKind;
use crate::site::{Grant, Turn, Why};
use heddle_vm::contract::{HostLimit, Image};

const LONGEST_HORIZON_NS: u64 = 100_000_000;

impl<I: Image> Machine<I> {
    /// Runs the process up to its next stop; the work that took.
    pub(super) fn step_alone(&mut self, work: u64) -> u64 {
        let until_ns = self.horizon_end();
        let report = self.seats[0]
            .site
            .near()
            .advance(Grant { until_ns, work }, &mut self.tape);
        let used = self.first().site.work.max(1);
        self.handle(report.why, until_ns);
        self.arrivals();
        if let Some(complaint) = self.first().site.complaint() {
            self.finish(End::Schedule(complaint));
        }
        self.tape.settle(report.reached_ns);
        used
    }

    /// The end of the current grant.
    pub(super) fn horizon_end(&self) -> u64 {
        let grid_end = (self.granted_ns / self.horizon_ns + 1).saturating_mul(self.horizon_ns);
        let arrival = self.next_arrival().unwrap_or(u64::MAX).max(self.first().site.now + 1);
        grid_end.min(self.limits.virtual_ns).min(arrival)
    }

    pub(super) fn next_arrival(&self) -> Option<u64> {
        self.computers
            .first()
            .and_then(|computer| computer.kernel.next_arrival())
    }

    /// What has arrived from the network up to now wakes those who wait for it.
    pub(super) fn arrivals(&mut self) {
        let now = self.first().site.now;
        if self.next_arrival().is_some_and(|at| at <= now) {
            self.arrive(0, now);
        }
    }

    /// Goes on to the grant that contains this moment.
    fn next_grant(&mut self, reached_ns: u64) {
        self.granted_ns = reached_ns;
        self.horizon_ns = (self.horizon_ns * 2).min(LONGEST_HORIZON_NS);
        if reached_ns >= self.limits.virtual_ns {
            let site = self.seats[0].site.near();
            site.now = site.now.max(self.limits.virtual_ns);
            self.stop_at(LimitKind::VirtualTime);
        }
    }

    pub(super) fn handle(&mut self, why: Why, until_ns: u64) {
        match why {
            Why::OutOfWork | Why::Halted => {}
            Why::Turned => {
                // It has no parent here. Its cores are nobody else's.
                let site = self.seats[0].site.near();
                if site.turned.take() == Some(Turn::Continued) {
                    site.mine = u64::MAX;
                }
            }
            Why::Used => self.next_grant(until_ns),
            Why::Idle { until_ns: next } => {
                let arrival = self.next_arrival();
                if let Some(arrival) = arrival.filter(|&at| next.is_none_or(|next| at <= next)) {
                    // Nothing happens before something arrives.
                    let site = self.seats[0].site.near();
                    site.now = site.now.max(arrival);
                    let now = site.now;
                    self.next_grant(now);
                } else if let Some(next) = next {
                    self.next_grant(next.max(until_ns));
                } else {
                    self.nothing_left();
                }
            }
            Why::SystemCall { thread, call } => {
                self.arrivals();
                self.system_call(0, thread, call);
            }
            Why::Ended { status } => self.finish(End::Exited(status)),
            Why::Limit(HostLimit::Memory) => self.stop_at(LimitKind::Memory),
            Why::Limit(HostLimit::Threads) => self.stop_at(LimitKind::Threads),
        }
    }
}
