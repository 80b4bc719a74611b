//! What a computer is made of, and how far a run may go.

use crate::costs::Costs;
use crate::profile::Profile;

/// The computer and the rules of its interpreter lock.
#[derive(Clone, Debug)]
pub struct Config {
    /// Cores, 1 to 64.
    pub cores: u16,
    /// Selects one of the equally real runs.
    pub seed: u64,
    /// The version of Python.
    pub profile: Profile,
    /// Who gets a core, and for how long.
    pub os: OsScheduler,
    /// Longest time a thread keeps a core that others want, ns.
    pub quantum_ns: u64,
    /// `sys.getswitchinterval()`, ns.
    pub switch_interval_ns: u64,
    /// What things cost.
    pub costs: Costs,
    /// What standard input holds.
    pub stdin: Vec<u8>,
    /// When Ctrl-C is pressed, ns.
    pub interrupts: Vec<u64>,
    /// Whether standard output and error count as terminals.
    pub terminal: bool,
    /// The hosts of the simulated network.
    pub hosts: Vec<crate::RemoteHost>,
    /// How far a run may go.
    pub limits: Limits,
    /// What people call the program ("main.py").
    pub program: String,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            cores: 2,
            seed: 1,
            profile: Profile::DEFAULT,
            os: OsScheduler::FairShare,
            quantum_ns: 4_000_000,
            switch_interval_ns: 5_000_000,
            costs: Costs::LAPTOP_2026,
            stdin: Vec::new(),
            interrupts: Vec::new(),
            terminal: false,
            hosts: Vec::new(),
            limits: Limits::default(),
            program: String::new(),
        }
    }
}

/// The operating system's way to share cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OsScheduler {
    /// Shares by niceness, as Linux: who has had least goes first; a quantum; a thread that wakes up takes the core of one that is ahead.
    #[default]
    FairShare,
    /// In turn, a quantum each; who wakes up goes to the end of the queue.
    RoundRobin,
    /// Nobody loses a core before it waits, yields or ends.
    Cooperative,
}

/// Reaching one of these ends the run with a sentence that says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Virtual time, ns.
    pub virtual_ns: u64,
    /// Bytes written to standard output and error together.
    pub output_bytes: u64,
    /// Threads alive at once.
    pub threads: u32,
    /// Bytes of files written by the program, in memory.
    pub file_bytes: u64,
    /// Work of the host, in the unit of [`crate::Machine::advance`] (about a nanosecond natively).
    pub work: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            virtual_ns: 3_600_000_000_000,
            output_bytes: 64 << 20,
            threads: 2_000,
            file_bytes: 256 << 20,
            work: u64::MAX,
        }
    }
}

/// Which limit ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// [`Limits::virtual_ns`].
    VirtualTime,
    /// [`Limits::output_bytes`].
    Output,
    /// [`Limits::threads`].
    Threads,
    /// [`Limits::work`].
    Work,
    /// The image's memory.
    Memory,
}

impl Limits {
    /// Says in one sentence which limit was reached.
    #[must_use]
    pub fn sentence(&self, kind: LimitKind) -> String {
        match kind {
            LimitKind::VirtualTime => {
                format!(
                    "The run was ended at its limit of {} of virtual time.",
                    duration(self.virtual_ns)
                )
            }
            LimitKind::Output => format!(
                "The run was ended at its limit of {} of output.",
                size(self.output_bytes)
            ),
            LimitKind::Threads => format!(
                "The run was ended at its limit of {} threads alive at once.",
                self.threads
            ),
            LimitKind::Work => "The run was ended at its limit of simulated work.".to_owned(),
            LimitKind::Memory => "The run was ended at its limit of memory.".to_owned(),
        }
    }
}

/// A time in the largest unit that divides it.
#[must_use]
pub fn duration(ns: u64) -> String {
    for (unit, name) in [
        (3_600_000_000_000, "h"),
        (60_000_000_000, "min"),
        (1_000_000_000, "s"),
        (1_000_000, "ms"),
        (1_000, "µs"),
    ] {
        if ns >= unit && ns.is_multiple_of(unit) {
            return format!("{} {name}", ns / unit);
        }
    }
    format!("{ns} ns")
}

/// A size in the largest binary unit that divides it.
#[must_use]
pub fn size(bytes: u64) -> String {
    for (shift, name) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] {
        if bytes >> shift > 0 && bytes.trailing_zeros() >= shift {
            return format!("{} {name}", bytes >> shift);
        }
    }
    format!("{bytes} bytes")
}
