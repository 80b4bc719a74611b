//! A run whose processes live apart, in Web Workers of their own: what goes to them and comes back, as bytes.
//!
//! Whoever drives the run has hosts, numbered from 0. [`Run::leaving`] says that a process moves to one: the host gets a copy of the whole run ([`Part`]),
//! then [`Run::left`]. From then on it gets [`Run::orders`], and what it answers goes to [`Run::reported`]. The bytes are for two copies of one engine,
//! and of no other version.

use crate::boot::Engine;
use crate::run::Run;
use heddle_machine::{Order, Replica, Report};

/// One host's part of a run.
pub struct Part {
    replica: Replica<Engine>,
}

impl Part {
    /// The part that a copy of a run is, made when [`Run::leaving`] said so.
    #[must_use]
    pub fn of(run: Run) -> Option<Part> {
        let replica = run.machine.into_replica()?;
        Some(Part { replica })
    }

    /// Does what the hub wants; the report, if it wants one. `None`: the orders are garbled.
    pub fn obey(&mut self, orders: &[u8]) -> Option<Vec<u8>> {
        let orders: Vec<(u32, Order)> = postcard::from_bytes(orders).ok()?;
        postcard::to_allocvec(&self.replica.obey(orders)).ok()
    }
}

impl Run {
    /// Lets processes live at so many hosts; each moves when that would have saved so much work (see [`Run::advance`]), and one of those that compute at
    /// once stays here. 0 hosts: all live here. 0 work: all but the first move as soon as they are there.
    pub fn spread(&mut self, hosts: usize, after_work: u64) {
        self.machine.spread(hosts, after_work);
    }

    /// Whether a host waits for a process. Nobody moves until one does; without a word, one always does.
    pub fn host_is_ready(&mut self, is_ready: bool) {
        self.machine.host_is_ready(is_ready);
    }

    /// The host that a process moves to now; nothing goes on before [`Run::left`].
    #[must_use]
    pub fn leaving(&self) -> Option<usize> {
        self.machine.leaving().map(|(_, host)| host)
    }

    /// Whether one will soon, for all one can see.
    #[must_use]
    pub fn will_leave(&self) -> bool {
        self.machine.will_leave()
    }

    /// The copy for the host has been made.
    pub fn left(&mut self) {
        self.machine.left();
    }

    /// Whether [`Run::advance`] can do nothing before a host has answered or got its copy.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.machine.is_waiting()
    }

    /// Whether the last [`Run::advance`] ended before its work was done, to have hosts served.
    #[must_use]
    pub fn was_cut(&self) -> bool {
        self.machine.was_cut()
    }

    /// What a host is to be given now, if anything; to be asked for each after each [`Run::advance`].
    pub fn orders(&mut self, host: usize) -> Option<Vec<u8>> {
        let orders = self.machine.orders(host);
        if orders.is_empty() {
            return None;
        }
        postcard::to_allocvec(&orders).ok()
    }

    /// What a host has answered.
    pub fn reported(&mut self, report: &[u8]) {
        match postcard::from_bytes::<Vec<Report>>(report) {
            Ok(reports) => self.machine.reported(reports),
            Err(_) => self.lost("The run was ended since a worker of its processes sent something garbled.".to_owned()),
        }
    }

    /// A host is gone: the run ends with this sentence.
    pub fn lost(&mut self, sentence: String) {
        self.machine.lost(sentence);
    }

    /// Hosts that have nothing to do any more, since this was asked last.
    pub fn closed_hosts(&mut self) -> Vec<usize> {
        self.machine.closed_hosts()
    }

    /// When a Ctrl-C came that had to wait for hosts, ns; since this was asked last.
    pub fn interrupted(&mut self) -> Option<u64> {
        self.machine.interrupted()
    }
}
