//! What the page lets a run use. A scenario can lower these limits, never raise them.

use serde::{Deserialize, Serialize};

/// The host's limits of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLimits {
    /// Virtual time in ns.
    pub time_ns: u64,
    /// Memory of the simulated processes in bytes, by model sizes.
    pub memory_bytes: u64,
    /// Bytecode instructions.
    pub steps: u64,
    /// Bytes written to the terminals.
    pub output_bytes: u64,
    /// Web Workers that processes may have for themselves. It changes nothing but how long a run takes.
    pub workers: u16,
    /// How much work (about ns of bytecode on its computer) one must have saved a process before it gets one. 0: it gets one at once.
    pub worth_a_worker: u64,
}

impl RunLimits {
    /// These limits, but with time up to `until_ns` on a machine of so many cores: the person asked for more than the page
    /// gives by itself.
    #[must_use]
    pub fn until(self, until_ns: u64, cores: u16) -> RunLimits {
        let work_ns = until_ns.saturating_mul(u64::from(cores.max(1)));
        RunLimits {
            time_ns: self.time_ns.max(until_ns),
            steps: self.steps.max(work_ns / NS_PER_STEP),
            ..self
        }
    }
}

/// What a step takes at least, in virtual ns: the engine counts 20 for the average one.
const NS_PER_STEP: u64 = 10;

/// Less is not worth it: the run stands still while a worker is made (figures in `crates/worker/README.md`).
const WORTH_A_WORKER: u64 = 10_000_000;

/// One minute of a busy machine, or ten of a sleeping one: enough for any lesson, over before a browser complains.
impl Default for RunLimits {
    fn default() -> Self {
        RunLimits {
            time_ns: 600_000_000_000,
            memory_bytes: 256 << 20,
            steps: 2_000_000_000,
            output_bytes: 1 << 20,
            workers: 0,
            worth_a_worker: WORTH_A_WORKER,
        }
    }
}
