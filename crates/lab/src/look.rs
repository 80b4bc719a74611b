//! Looking at any moment of a run: checkpoints of it, and a copy of one of them that goes on up to the moment.
//!
//! Checkpoints are as far apart as so much work of the host. When they become too many or too big, every other one is dropped and the distance doubles:
//! so a moment anywhere in the run costs about the same. They are made while the run goes on, and by looks that go a long way.

use crate::boot::Engine;
use crate::run::{Progress, Run};
use heddle_machine::Machine;
use heddle_trace::{Nanos, Question, Scene};

/// The distance between checkpoints at first, in units of work.
const FIRST_DISTANCE: u64 = 2_000_000;
/// So many are kept at most.
const MOST: usize = 256;
/// What one costs beside its images, bytes.
const OWN_BYTES: u64 = 20_000;

/// A copy of the machine.
struct Checkpoint {
    /// It has been to no moment after this one.
    at: Nanos,
    /// How much work the run had taken.
    work: u64,
    bytes: u64,
    machine: Machine<Engine>,
}

/// See the module.
pub struct Checkpoints {
    /// In order of time.
    all: Vec<Checkpoint>,
    distance: u64,
    most_bytes: u64,
}

/// A machine on its way to a moment.
pub struct Look {
    at: Nanos,
    pub(crate) machine: Machine<Engine>,
}

impl Checkpoints {
    /// None yet; all together they may take so many bytes, by model sizes.
    #[must_use]
    pub fn new(most_bytes: u64) -> Checkpoints {
        Checkpoints {
            all: Vec::new(),
            distance: FIRST_DISTANCE,
            most_bytes,
        }
    }

    /// To be called before a run and between its advances: makes a checkpoint if it is time.
    pub fn keep_up(&mut self, run: &mut Run) {
        self.offer(&mut run.machine);
    }

    fn offer(&mut self, machine: &mut Machine<Engine>) {
        let work = machine.worked();
        let place = self.all.partition_point(|one| one.work <= work);
        let distance = self.distance;
        let before = place.checked_sub(1).and_then(|at| self.all.get(at));
        if before.is_some_and(|one| work < one.work.saturating_add(distance))
            || self
                .all
                .get(place)
                .is_some_and(|one| one.work < work.saturating_add(distance))
        {
            return;
        }
        let Some(machine) = machine.checkpoint() else { return };
        let checkpoint = Checkpoint {
            at: machine.furthest_ns(),
            work,
            bytes: machine.image_bytes().saturating_add(OWN_BYTES),
            machine,
        };
        self.all.insert(place, checkpoint);
        while self.all.len() > 2 && (self.all.len() > MOST || self.bytes() > self.most_bytes) {
            self.thin_out();
        }
    }

    /// Drops those that are nearer to the one before than twice the distance so far. The first one stays: it reaches every moment.
    fn thin_out(&mut self) {
        self.distance = self.distance.saturating_mul(2);
        let distance = self.distance;
        let mut kept = None;
        self.all.retain(|one| {
            let is_kept = kept.is_none_or(|kept: u64| one.work >= kept.saturating_add(distance));
            if is_kept {
                kept = Some(one.work);
            }
            is_kept
        });
    }

    /// Forgets all: what follows is another run, or memory is needed.
    pub fn clear(&mut self) {
        self.all.clear();
    }

    /// How many there are, and their bytes by model sizes.
    #[must_use]
    pub fn size(&self) -> (usize, u64) {
        (self.all.len(), self.bytes())
    }

    fn bytes(&self) -> u64 {
        self.all.iter().map(|one| one.bytes).sum()
    }

    /// Sets out for a moment from the last checkpoint before it. `None` if there is none: [`Look::from_start`].
    #[must_use]
    pub fn look(&self, at: Nanos) -> Option<Look> {
        let nearest = self.all.iter().filter(|one| one.at <= at).max_by_key(|one| one.at)?;
        Some(Look {
            at,
            machine: nearest.machine.clone(),
        })
    }

    /// Goes on with a look, for about so much work; true when it is there.
    pub fn advance(&mut self, look: &mut Look, work: u64) -> bool {
        self.offer(&mut look.machine);
        let is_there = look.machine.advance_to(look.at, work);
        // Nobody reads what the copy writes.
        look.machine.take_output();
        is_there
    }
}

impl Look {
    /// Sets out from the beginning of a run that has not begun.
    #[must_use]
    pub fn from_start(run: Run, at: Nanos) -> Look {
        Look {
            at,
            machine: run.machine,
        }
    }

    /// What there is to see. The machine is used up by it: texts are what `repr` says, which may run Python code.
    #[must_use]
    pub fn scene(mut self, question: &Question) -> Scene {
        self.machine.scene(self.at, question)
    }
}

impl Run {
    /// Goes on to this moment, and stands still there; true when it does, or is over. It takes about so much work at a time. Nothing else changes.
    pub fn advance_to(&mut self, at: Nanos, work: u64) -> bool {
        self.machine.advance_to(at, work)
    }

    /// What is new since the last progress.
    pub fn news(&mut self) -> Progress {
        self.progress(self.machine.end().is_some())
    }

    /// What there is to see where it stands, at this moment. The run is used up by it, see [`Look::scene`].
    #[must_use]
    pub fn into_scene(mut self, at: Nanos, question: &Question) -> Scene {
        self.machine.scene(at, question)
    }
}
