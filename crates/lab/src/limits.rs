//! The host's limits of a run, and how a scenario lowers them.

use heddle_machine::Limits as MachineLimits;

/// How far a run may go. A scenario can lower these, never raise them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Virtual time, ns.
    pub time_ns: u64,
    /// Memory of the simulated process in bytes, by model sizes.
    pub memory_bytes: u64,
    /// Bytecode instructions, roughly: simulated work is measured in time, taken as [`NS_PER_STEP`] each.
    pub steps: u64,
    /// Bytes written to standard output and error.
    pub output_bytes: u64,
    /// Threads alive at once.
    pub threads: u32,
}

/// What an average instruction counts for against [`Limits::steps`], ns.
const NS_PER_STEP: u64 = 20;

/// For the command line: generous, but an endless loop ends some day.
impl Default for Limits {
    fn default() -> Self {
        Limits {
            time_ns: 3_600_000_000_000,
            memory_bytes: 4 << 30,
            steps: u64::MAX,
            output_bytes: 1 << 30,
            threads: 4_000,
        }
    }
}

impl Limits {
    /// The smaller of the host's and the scenario's.
    pub(crate) fn lowered(self, scenario: &heddle_scenario::Limits) -> Limits {
        let least = |host: u64, wanted: Option<u64>| wanted.map_or(host, |wanted| wanted.min(host));
        Limits {
            time_ns: least(self.time_ns, scenario.time_ns),
            memory_bytes: least(self.memory_bytes, scenario.memory_bytes),
            steps: least(self.steps, scenario.steps),
            output_bytes: least(self.output_bytes, scenario.output_bytes),
            threads: self.threads,
        }
    }

    /// As the machine counts them.
    pub(crate) fn for_machine(self) -> MachineLimits {
        MachineLimits {
            virtual_ns: self.time_ns,
            output_bytes: self.output_bytes,
            threads: self.threads,
            file_bytes: self.memory_bytes,
            work: self.steps.saturating_mul(NS_PER_STEP),
        }
    }
}
