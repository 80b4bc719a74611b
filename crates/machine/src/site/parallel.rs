//! Threads without a GIL: several of one image execute bytecode at once, each on a core with a clock of its own.
//!
//! The one whose clock is least far runs, until it is ahead of the next by a slice of about a microsecond that the seed decides. So what
//! threads do to each other's objects interleaves at every instruction, and comes at most a slice (and the instruction that ends it) earlier
//! or later than their clocks say. Locks are exact: who takes one that was released later by the clock of another core waits until then.

use super::Site;
use crate::profile::GilKind;
use heddle_vm::contract::{Image, Stop, ThreadIndex};

/// How far a core runs ahead of the others, ns, and by how many percent that scatters.
const SLICE_NS: u64 = 1_000;
/// The same for interpreters with a GIL each, which share nothing; see [`super::interpreters`].
const APART_NS: u64 = 50_000;
const SCATTER_PERCENT: u64 = 60;
/// Who is further ahead than this is in C code: what it holds it will hold for long, what it does not hold is free.
pub(super) const IN_C_CODE_NS: u64 = 20 * SLICE_NS;

/// A thread that executes bytecode beside the runner: what the site says of the runner in fields of its own.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    pub thread: ThreadIndex,
    clock: u64,
    pending: Option<Stop>,
    at_switch_point: bool,
    progressed: bool,
}

impl<I: Image> Site<I> {
    /// The runner, if there is one, steps aside.
    pub(super) fn park_runner(&mut self) {
        if let Some(thread) = self.runner.take() {
            self.beside.push(Beside {
                thread,
                clock: self.clock,
                pending: self.pending.take(),
                at_switch_point: self.at_switch_point,
                progressed: self.progressed,
            });
        }
    }

    /// How far those have come that run beside the runner, ns.
    pub(super) fn beside_ns(&self) -> impl Iterator<Item = u64> {
        self.beside.iter().map(|beside| beside.clock)
    }

    /// Makes the thread whose clock is least far the runner.
    pub(super) fn pick_runner(&mut self) {
        if self.beside.is_empty() {
            return;
        }
        let least = self.beside.iter().enumerate();
        let Some((at, least)) = least.min_by_key(|(_, beside)| (beside.clock, beside.thread)) else {
            return;
        };
        if self
            .runner
            .is_some_and(|runner| (self.clock, runner) <= (least.clock, least.thread))
        {
            return;
        }
        let chosen = self.beside.swap_remove(at);
        self.park_runner();
        self.runner = Some(chosen.thread);
        self.clock = chosen.clock;
        self.pending = chosen.pending;
        self.at_switch_point = chosen.at_switch_point;
        self.progressed = chosen.progressed;
    }

    /// How far the runner may go for the sake of those beside it.
    pub(super) fn limit_beside(&mut self) -> u64 {
        match self.beside.iter().map(|beside| beside.clock).min() {
            Some(next) => {
                let shared = self.new_gil.kind == GilKind::None;
                let slice_ns = if shared { SLICE_NS } else { APART_NS };
                next.saturating_add(self.draws.around(slice_ns, SCATTER_PERCENT))
            }
            None => u64::MAX,
        }
    }

    /// How far the image has come on the other cores, ns.
    pub(super) fn furthest_beside(&self) -> u64 {
        self.beside.iter().map(|beside| beside.clock).max().unwrap_or(0)
    }

    /// The moment that the image has reached, if that is later than now. Without a GIL it never stands still: a thread waits for it once.
    pub(super) fn image_ahead(&mut self, thread: ThreadIndex) -> Option<u64> {
        // Only who runs in the same interpreter moves what the thread looks at.
        let (gil, shared) = (self.gil_id(thread), self.new_gil.kind == GilKind::None);
        let own = self.runner.map(|runner| (runner, self.clock));
        let running = self
            .beside
            .iter()
            .map(|beside| (beside.thread, beside.clock))
            .chain(own);
        let near = running.filter(|&(other, _)| shared || self.gil_id(other) == gil);
        let furthest = near.map(|(_, clock)| clock).max();
        let ahead = furthest.filter(|&clock| clock > self.now);
        let postponed = &mut self.thread(thread).postponed;
        let again = std::mem::replace(postponed, ahead.is_some());
        if again && shared && !self.beside.is_empty() {
            self.thread(thread).postponed = false;
            return None;
        }
        ahead
    }
}
