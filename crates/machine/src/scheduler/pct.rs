//! Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A randomized scheduler with
//! probabilistic guarantees of finding bugs", ASPLOS 2010).
//!
//! Every thread has a random priority and the highest one wins each choice. At `depth - 1` choices, drawn in
//! advance, the winner's priority falls below all others. A bug that needs `d` ordering constraints among `n`
//! threads and `k` steps is found with probability at least `1 / (n * k^(d-1))` in each run.
//!
//! Departures from the paper: steps are choices of the machine rather than instructions, and `k` is a guess given
//! by the caller, as the length of a run is not known in advance.

use super::{ChoicePoint, Scheduler};
use crate::draws::mix;
use heddle_vm::contract::ThreadIndex;

/// Strict random priorities with a few changes.
#[derive(Clone, Debug)]
pub struct Pct {
    seed: u64,
    /// Choice numbers at which the winner is demoted, ascending; at most `depth - 1`.
    changes: Vec<u64>,
    /// Choices made so far.
    step: u64,
    /// Demoted threads, in order of demotion; a later one has the lower priority.
    demoted: Vec<(u32, ThreadIndex)>,
}

impl Pct {
    /// Looks for bugs of `depth` ordering constraints in runs of about `steps` choices.
    #[must_use]
    pub fn new(seed: u64, depth: u32, steps: u64) -> Pct {
        let seed = mix(seed ^ 0x5EED_0000_5043_5421);
        let mut changes: Vec<u64> = (1..u64::from(depth))
            .map(|i| mix(seed ^ i.wrapping_mul(0xD1B5_4A32_D192_ED03)) % steps.max(1))
            .collect();
        changes.sort_unstable();
        Pct {
            seed,
            changes,
            step: 0,
            demoted: Vec::new(),
        }
    }

    /// Higher wins. Demoted threads stand below all others, the last demoted lowest.
    fn priority(&self, pid: u32, thread: ThreadIndex) -> (i64, u64) {
        let fallen = self
            .demoted
            .iter()
            .rposition(|&d| d == (pid, thread))
            .map_or(0, |at| -1 - at as i64);
        (fallen, mix(self.seed ^ mix((u64::from(pid) << 32) | u64::from(thread))))
    }
}

impl Scheduler for Pct {
    fn choose(&mut self, at: ChoicePoint, candidates: &[ThreadIndex]) -> usize {
        let best = (0..candidates.len())
            .max_by_key(|&i| self.priority(at.pid, candidates[i]))
            .unwrap_or(0);
        if self.changes.contains(&self.step)
            && let Some(&winner) = candidates.get(best)
        {
            self.demoted.retain(|&d| d != (at.pid, winner));
            self.demoted.push((at.pid, winner));
        }
        self.step += 1;
        best
    }

    fn clone_box(&self) -> Box<dyn Scheduler> {
        Box::new(self.clone())
    }
}
