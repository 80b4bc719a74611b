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
}

/// One minute of a busy machine, or ten of a sleeping one: enough for any lesson, over before a browser complains.
impl Default for RunLimits {
    fn default() -> Self {
        RunLimits {
            time_ns: 600_000_000_000,
            memory_bytes: 256 << 20,
            steps: 2_000_000_000,
            output_bytes: 1 << 20,
        }
    }
}
