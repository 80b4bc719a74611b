//! What a version of Python means for the machine: its GIL, its switch points, its pace and its library's rules.
//!
//! The language is always 3.14's. The rows are in `table.rs`, each number with its source.

mod table;

use heddle_trace::BlockReason;
use heddle_vm::contract::{LibraryRules, Rules, SwitchPoints};
pub use table::PROFILES;

/// How threads of one interpreter share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GilKind {
    /// Up to 3.1: released and taken again every so many ticks, without hand-over.
    Ticks {
        /// `sys.getcheckinterval()` at the start.
        interval: u32,
    },
    /// 3.2 and later: dropped on request, which waiters make after an interval; forced switch.
    Interval {
        /// `sys.getswitchinterval()` at the start, ns.
        interval_ns: u64,
    },
    /// Free-threaded: none.
    None,
}

/// The locks that go straight to a thread that has waited for them for long ([`HandOver::AFTER_NS`]), instead of to whoever comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// None: a released lock is free, and a thread that was woken for it may come too late again and again.
    Never,
    /// `_thread.lock`.
    Locks,
    /// `_thread.lock` and `_thread.RLock`.
    AllLocks,
}

impl HandOver {
    /// `TIME_TO_BE_FAIR_NS` of CPython's `Python/lock.c`.
    pub const AFTER_NS: u64 = 1_000_000;

    /// Whether a thread that waits for this reason is given what it waits for, once it has waited so long.
    #[must_use]
    pub fn includes(self, reason: BlockReason) -> bool {
        match self {
            HandOver::Never => false,
            HandOver::Locks => !matches!(reason, BlockReason::RLock { .. }),
            HandOver::AllLocks => true,
        }
    }
}

/// A version of Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// As a scenario names it ("3.13t").
    pub name: &'static str,
    /// How threads share the interpreter.
    pub gil: GilKind,
    /// Whether interpreters can have a GIL each (PEP 684).
    pub gil_per_interpreter: bool,
    /// Where the running thread can be stopped.
    pub switch_points: SwitchPoints,
    /// Time that bytecode takes, in percent of 3.13's.
    pub pace_percent: u32,
    /// Which locks are handed over.
    pub hand_over: HandOver,
    /// What its library does otherwise.
    pub library: LibraryRules,
}

impl Profile {
    /// The default one.
    pub const DEFAULT: Profile = table::V3_13;

    /// The profile of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Profile> {
        PROFILES.iter().copied().find(|profile| profile.name == name)
    }

    /// What the image has to know, on a computer whose processor needs so many percent of `laptop-2026`'s time.
    #[must_use]
    pub fn rules(&self, processor_percent: u32) -> Rules {
        Rules {
            switch_points: self.switch_points,
            gil: self.gil != GilKind::None,
            ticks: matches!(self.gil, GilKind::Ticks { .. }),
            gil_per_interpreter: self.gil_per_interpreter,
            pace: (u64::from(self.pace_percent) * u64::from(processor_percent) * 1024 / 10_000).max(1) as u32,
            library: self.library,
        }
    }

    /// `sys.getswitchinterval()` at the start, ns.
    #[must_use]
    pub fn switch_interval_ns(&self) -> u64 {
        match self.gil {
            GilKind::Interval { interval_ns } => interval_ns,
            GilKind::Ticks { .. } | GilKind::None => 5_000_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for profile in PROFILES {
            assert_eq!(Profile::named(profile.name), Some(*profile));
        }
        assert_eq!(Profile::named("3.13"), Some(Profile::DEFAULT));
        assert_eq!(Profile::named("3.1"), None);
        assert_eq!(Profile::DEFAULT.rules(100), Rules::DEFAULT);
    }
}
