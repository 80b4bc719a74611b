//! Who of the processes of one computer has which of its cores.
//!
//! A core belongs to one process at a time, which puts its own threads on it. When every process stands still, a core that nobody uses goes to
//! the process whose ready thread has had least; where there is none, the process whose running thread is furthest ahead of that, by half a
//! quantum at least, is asked for its core, which it gives up at its next switch point. Shares are compared in the weighed runtime of threads.

use super::Machine;
use crate::apart::Order;
use heddle_vm::contract::Image;

impl<I: Image> Machine<I> {
    /// Divides the cores of all computers with several processes, at this moment.
    pub(super) fn divide_cores(&mut self, now: u64) {
        for on in 0..self.computers.len() {
            if self.computers[on].is_shared {
                self.divide(on, now);
            }
        }
    }

    fn divide(&mut self, on: usize, now: u64) {
        let here: Vec<usize> = (0..self.seats.len())
            .filter(|&at| self.seats[at].computer == on && !self.seats[at].is_over())
            .collect();
        let furthest = here.iter().map(|&at| self.seats[at].site.reached()).max().unwrap_or(0);
        for &at in &here {
            if self.seats[at].site.is_below(furthest) {
                self.order(at, Order::Level(furthest));
            }
        }
        let Some(cores) = here.first().map(|&at| self.seats[at].site.cores.len() as u16) else {
            return;
        };
        for core in 0..cores {
            self.give_free(on, &here, core, now);
        }
        self.ask_for_core(&here, now);
    }

    /// Since when a core of this computer is used by nobody, ns; of several the one that was free first.
    pub(super) fn core_free_since(&self, on: usize) -> Option<u64> {
        let all = || self.seats.iter().filter(|seat| seat.computer == on);
        let cores = all().map(|seat| seat.site.cores.len() as u16).max().unwrap_or(0);
        let free = (0..cores).filter_map(|core| {
            let free: Option<Vec<u64>> = all().map(|seat| seat.site.free_since(core)).collect();
            free.and_then(|all| all.into_iter().max())
        });
        free.min()
    }

    /// Gives a core that nobody uses to who waits for one, or to the only process there is.
    fn give_free(&mut self, on: usize, here: &[usize], core: u16, now: u64) {
        // Those that have ended had it too.
        let all = self.seats.iter().filter(|seat| seat.computer == on);
        let free: Option<Vec<u64>> = all.map(|seat| seat.site.free_since(core)).collect();
        let Some(free_since_ns) = free.and_then(|all| all.into_iter().max()) else {
            return;
        };
        let key = |&at: &usize| Some((self.seats[at].site.waits_for_core()?, at));
        let taker = match here {
            [only] => Some(*only).filter(|&only| {
                let site = &self.seats[only].site;
                site.mine >> core & 1 == 0 && !site.is_stopped()
            }),
            _ => here.iter().filter_map(key).min().map(|(_, at)| at),
        };
        let Some(taker) = taker else { return };
        if free_since_ns > self.seats[taker].site.now.max(now) {
            return;
        }
        for &at in here {
            if self.seats[at].site.has_core(core) {
                self.order(at, Order::LoseCore(core));
            }
        }
        self.seats[taker].site.time(now, &mut self.sent);
        self.order(taker, Order::GetCore(core, free_since_ns));
        self.seats[taker].go_on();
    }

    /// Asks the process that is furthest ahead for a core, if somebody waits and none is on its way.
    fn ask_for_core(&mut self, here: &[usize], now: u64) {
        let waiting = |&at: &usize| Some((self.seats[at].site.waits_for_core()?, at));
        let Some((least, who)) = here.iter().filter_map(waiting).min() else {
            return;
        };
        if here.iter().any(|&at| self.seats[at].site.giving() > 0) {
            return;
        }
        for &at in here {
            // A thread that runs has had its current stretch too.
            let site = &mut self.seats[at].site;
            if site.furthest().is_some() {
                site.time(now, &mut self.sent);
            }
        }
        let ahead = |&at: &usize| {
            let (ran, core) = self.seats[at].site.furthest()?;
            Some((ran, at, core))
        };
        let others = here.iter().filter(|&&at| at != who);
        let Some((ran, at, core)) = others.filter_map(ahead).max() else {
            return;
        };
        if ran > least.saturating_add(self.quantum_ns / 2) {
            self.order(at, Order::LoseCore(core));
            self.seats[at].go_on();
        }
    }
}
