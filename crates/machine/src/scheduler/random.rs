//! Uniform choices from a seed; any two runs with one seed choose alike, whatever other processes do.

use super::{ChoicePoint, Scheduler};
use crate::draws::mix;
use heddle_vm::contract::ThreadIndex;

/// Takes any candidate with equal probability.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    seed: u64,
}

impl Random {
    /// The run of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random {
            seed: mix(seed ^ 0x5EED_0F52_414E_444F),
        }
    }
}

impl Scheduler for Random {
    fn choose(&mut self, at: ChoicePoint, candidates: &[ThreadIndex]) -> usize {
        let key = mix(self.seed ^ mix((u64::from(at.pid) << 40) ^ at.index));
        ((u128::from(key) * candidates.len() as u128) >> 64) as usize
    }

    fn clone_box(&self) -> Box<dyn Scheduler> {
        Box::new(*self)
    }
}
