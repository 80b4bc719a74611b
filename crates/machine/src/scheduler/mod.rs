//! Every choice that reality leaves open is one call of [`Scheduler`].
//!
//! The machine lists the candidates in *fair order*: position 0 is what the fair policy takes. A recorded run is
//! therefore the list of choices that are not 0, each keyed by (pid, index of the choice in that process), and the
//! fair policy needs no state at all. Policies stand in a file each; wrappers ([`record::Recording`]) are
//! schedulers too.

mod fair;
mod pct;
mod random;
pub mod record;
mod replay;

pub use fair::Fair;
pub use pct::Pct;
pub use random::Random;
pub use record::{Recording, ScheduleLog};
pub use replay::Replay;

use heddle_vm::contract::ThreadIndex;

/// Why a choice is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A core is free: which of the ready threads gets it.
    Core,
    /// The GIL was dropped: which of its waiters is woken.
    GilDrop,
    /// An object was released: which of its waiters is woken.
    Wake,
    /// Timers fire at the same moment: which first.
    Timer,
    /// A thread finds the GIL free while another has been woken for it: take it (0) or leave it (1).
    Barge,
}

/// A choice to make.
#[derive(Clone, Copy, Debug)]
pub struct ChoicePoint {
    /// In which process.
    pub pid: u32,
    /// Number of the choice in that process, from 0.
    pub index: u64,
    /// Why it is open.
    pub reason: Reason,
    /// Virtual time, ns.
    pub now_ns: u64,
}

/// Answers every choice of a run.
pub trait Scheduler {
    /// The position of the chosen candidate; there are at least two. A position out of range counts as the last.
    fn choose(&mut self, at: ChoicePoint, candidates: &[ThreadIndex]) -> usize;

    /// A copy for a checkpoint or a branch.
    fn clone_box(&self) -> Box<dyn Scheduler>;

    /// The policy for another process of the same run.
    fn share(&self) -> Box<dyn Scheduler> {
        self.clone_box()
    }

    /// What went wrong with the schedule itself, as a sentence (a replayed schedule that does not fit).
    fn complaint(&self) -> Option<String> {
        None
    }
}

impl Clone for Box<dyn Scheduler> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}
