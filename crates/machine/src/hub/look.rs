//! Looking at a run: copies to begin from, and machines that stand still at any moment.
//!
//! A checkpoint is a copy of the machine without its trace. It goes on as the run did. Whoever wants to see the moment t lets a copy of the last
//! checkpoint before t go on up to t: there every image stands between two instructions, wherever its version could be stopped. It can go on from
//! there, as if nobody had looked.

use super::{Machine, Seat, Stand};
use crate::record::Tape;
use crate::scene;
use crate::site::{Grant, Why};
use heddle_trace::{Handle, Question, Scene};
use heddle_vm::contract::{Footing, Image};

impl<I: Image> Machine<I> {
    /// A copy to begin from later, without the trace and without output that nobody has taken. `None` while a process lives apart.
    pub fn checkpoint(&mut self) -> Option<Machine<I>> {
        if self.is_spread() {
            return None;
        }
        let tape = std::mem::replace(&mut self.tape, Tape::silent());
        let hosts = std::mem::take(&mut self.hosts);
        let output = std::mem::take(&mut self.output);
        self.passed.clear();
        let copy = self.clone();
        (self.tape, self.hosts, self.output) = (tape, hosts, output);
        Some(copy)
    }

    /// Everything after this moment is still to come, ns.
    #[must_use]
    pub fn furthest_ns(&self) -> u64 {
        let sites = self.seats.iter().map(|seat| seat.site.furthest_ns());
        sites.max().unwrap_or(0).max(self.floor_ns)
    }

    /// When anything can happen next, after this moment, ns: a moment up to which everything stays as it is. `None` if it is over.
    pub fn next_ns(&mut self, after_ns: u64) -> Option<u64> {
        if self.end.is_some() {
            return None;
        }
        let seats = self.seen_mut().into_iter().filter(|seat| !seat.is_over());
        let own: Vec<u64> = seats.filter_map(|seat| seat.site.near().next_ns()).collect();
        let arrivals = self
            .computers
            .iter()
            .filter_map(|computer| computer.kernel.next_arrival());
        let next_ns = own.into_iter().chain(arrivals).min();
        Some(next_ns.map_or(after_ns + 1, |next_ns| next_ns.max(after_ns + 1)))
    }

    /// Where the threads of a process stand, or those of all: process, thread, place.
    pub fn stands(&self, of: Option<(u32, u32)>) -> Vec<(u32, u32, Footing)> {
        let mut all = Vec::new();
        for seat in self.seen().into_iter().filter(|seat| !seat.is_over()) {
            for (thread, _) in seat.site.living() {
                if of.is_none_or(|of| of == (seat.site.pid, thread)) {
                    all.push((seat.site.pid, thread, seat.site.image.stands(thread)));
                }
            }
        }
        all
    }

    /// Whether there are several processes: then it cannot go on from a moment at which somebody has looked to one that is not after
    /// [`Machine::furthest_ns`].
    #[must_use]
    pub fn has_several(&self) -> bool {
        self.seats.len() > 1
    }

    /// How much work of the host it has taken.
    #[must_use]
    pub fn worked(&self) -> u64 {
        self.limits.work.saturating_sub(self.work_left)
    }

    /// Memory of all its images by model sizes, bytes.
    #[must_use]
    pub fn image_bytes(&self) -> u64 {
        self.seats.iter().map(|seat| seat.site.image.memory().0).sum()
    }

    /// Goes on to this moment, ns, and stands still there; true when it does, or the run is over. It takes about so much work at a time.
    ///
    /// Of several processes each is kept as it was at the moment, for others have to go on before it may come there: what is decided between them
    /// is decided when all have come to the end of a round. Such a machine can only be looked at again at moments after [`Machine::furthest_ns`].
    pub fn advance_to(&mut self, at_ns: u64, work: u64) -> bool {
        let mut left = work.max(1);
        let mut is_there = false;
        while left > 0 && !is_there && self.end.is_none() {
            let used = if self.has_several() {
                self.step_together_to(at_ns, left)
            } else {
                self.step_alone_to(at_ns, left)
            };
            is_there = used.is_none();
            left = left.saturating_sub(used.unwrap_or(0));
        }
        for seat in &mut self.seats {
            seat.site.near().halt_ns = u64::MAX;
        }
        is_there || self.end.is_some()
    }

    /// Whether all processes have been kept as they were at the moment that somebody looks at.
    fn have_passed(&self) -> bool {
        self.passed.len() == self.seats.len() && self.passed.iter().all(Option::is_some)
    }

    /// The processes as they are seen.
    fn seen(&self) -> Vec<&Seat<I>> {
        match self.has_several() && self.have_passed() {
            true => self.passed.iter().flatten().collect(),
            false => self.seats.iter().collect(),
        }
    }

    fn seen_mut(&mut self) -> Vec<&mut Seat<I>> {
        match self.has_several() && self.have_passed() {
            true => self.passed.iter_mut().flatten().collect(),
            false => self.seats.iter_mut().collect(),
        }
    }

    /// A process is where somebody wants to look at it, and goes on.
    pub(super) fn pass(&mut self, at: usize) {
        if !self.has_several() {
            return;
        }
        self.passed.resize_with(self.seats.len(), || None);
        if self.passed[at].is_none() {
            self.passed[at] = Some(self.seats[at].clone());
        }
        self.seats[at].site.near().halt_ns = u64::MAX;
    }

    /// What there is to see at this moment, ns. Copies that have approached it stand between two instructions there.
    pub fn scene(&mut self, at_ns: u64, question: &Question) -> Scene {
        let is_over = self.end.is_some();
        let living = self.seen_mut().into_iter().filter(|seat| !seat.is_over());
        let processes = living.map(|seat| {
            let site = seat.site.near();
            let mine = question.insides.iter().filter(|(process, _)| process.0 == site.pid);
            let insides: Vec<Handle> = mine.map(|(_, handle)| *handle).collect();
            let code_of = question
                .code_of
                .filter(|key| key.process.0 == site.pid)
                .map(|key| key.thread.0);
            scene::scene(site, &insides, code_of)
        });
        let processes = processes.collect();
        Scene {
            at: at_ns,
            is_over,
            processes,
        }
    }

    /// One step of one process alone; `None` when it stands there.
    fn step_alone_to(&mut self, at_ns: u64, work: u64) -> Option<u64> {
        self.passed.clear();
        self.seats[0].site.near().halt_ns = at_ns;
        let until_ns = self.horizon_end();
        let report = self.seats[0]
            .site
            .near()
            .advance(Grant { until_ns, work }, &mut self.tape);
        let used = self.first().site.work.max(1);
        let is_there = match &report.why {
            Why::Halted => true,
            Why::Idle { until_ns } => {
                let next_ns = self.next_arrival().into_iter().chain(*until_ns).min();
                next_ns.is_some_and(|next_ns| next_ns > at_ns)
            }
            _ => false,
        };
        if is_there {
            return None;
        }
        self.handle(report.why, until_ns);
        self.arrivals();
        self.tape.settle(report.reached_ns);
        Some(used)
    }

    /// The same of several; `None` when all have passed.
    fn step_together_to(&mut self, at_ns: u64, work: u64) -> Option<u64> {
        if self.looked_at_ns != at_ns {
            self.looked_at_ns = at_ns;
            self.passed.clear();
        } else if self.have_passed() {
            return None;
        }
        let known = self.passed.len();
        self.passed.resize_with(self.seats.len(), || None);
        for (seat, passed) in self.seats.iter().zip(&mut self.passed).skip(known.max(1)) {
            // Born after the moment, by one that has passed it.
            if seat.site.now > at_ns {
                let mut unborn = seat.clone();
                unborn.stand = Stand::Over;
                *passed = Some(unborn);
            }
        }
        for (seat, passed) in self.seats.iter_mut().zip(&self.passed) {
            seat.site.near().halt_ns = if passed.is_some() { u64::MAX } else { at_ns };
        }
        let goes = self.seats.iter().any(|seat| matches!(seat.stand, Stand::Going));
        let next_ns = self.next_decision().unwrap_or(self.round_ns);
        if !goes && next_ns >= at_ns {
            for at in 0..self.seats.len() {
                self.pass(at);
            }
            return None;
        }
        self.step_round(work)
    }
}
