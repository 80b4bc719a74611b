//! The versions of Python, a row each.
//!
//! Where the numbers come from:
//!
//! - *GIL*: 100 ticks and 5 ms are CPython's own (`Python/ceval.c` of 2.7, `Python/ceval_gil.h` since 3.2).
//! - *Switch points*: CPython's sources; see the table in `crates/vm/src/careful.rs` and `SwitchPoints`.
//! - *Pace*, in percent of the time that 3.13 needs for the same bytecode. 3.11 against 3.10: "1.25 times faster on average" (What's New in
//!   Python 3.11), so 3.10 is 127 with 3.11 at 102. 3.12: What's New in 3.12 claims 5 % over 3.11 overall; `tests/calibrate/versions.py`
//!   shows no difference from 3.13 beyond its noise: 100. 2.7: *measured*, the geometric mean of that program is 1.26 times 3.13's. 3.9: 3.10
//!   has nothing that changes the mean much: 130, an estimate, as is 3.2 at 145. 3.14: What's New in 3.14 gives 3 to 5 % for the
//!   interpreter with tail calls: 97. Free-threaded: 3.13t about 40 % over 3.13, 3.14t 5 to 10 % over 3.14 (the free-threading
//!   how-to of each version).
//! - *A GIL per interpreter*: since 3.12 (PEP 684).
//! - *Start method*: `multiprocessing/context.py`; `forkserver` since 3.14.
//! - *Workers*: `concurrent/futures/thread.py` of each version; 3.2 had no default.

use super::{GilKind, Profile, WorkerRule};
use heddle_vm::contract::SwitchPoints;

const TICKS: GilKind = GilKind::Ticks { interval: 100 };
const INTERVAL: GilKind = GilKind::Interval { interval_ns: 5_000_000 };

const CPU_TIMES_FIVE: &str = "cpu_count * 5";
const CPU_PLUS_FOUR: &str = "min(32, cpu_count + 4)";

/// 3.13; what follows from it by default is said once, here.
pub const V3_13: Profile = Profile {
    name: "3.13",
    gil: INTERVAL,
    gil_per_interpreter: true,
    switch_points: SwitchPoints::Calls,
    pace_percent: 100,
    start_method: "fork",
    worker_rule: WorkerRule::IdleAtEmptyQueue,
    default_workers: CPU_PLUS_FOUR,
};

/// All versions, oldest first.
pub const PROFILES: &[Profile] = &[
    Profile {
        name: "2.7",
        gil_per_interpreter: false,
        gil: TICKS,
        switch_points: SwitchPoints::Instructions,
        pace_percent: 126,
        worker_rule: WorkerRule::Always,
        default_workers: CPU_TIMES_FIVE,
        ..V3_13
    },
    Profile {
        name: "3.2",
        gil_per_interpreter: false,
        switch_points: SwitchPoints::Instructions,
        pace_percent: 145,
        worker_rule: WorkerRule::Always,
        default_workers: "none",
        ..V3_13
    },
    Profile {
        name: "3.9",
        gil_per_interpreter: false,
        switch_points: SwitchPoints::Instructions,
        pace_percent: 130,
        worker_rule: WorkerRule::IdleAfterTask,
        ..V3_13
    },
    Profile {
        name: "3.10",
        gil_per_interpreter: false,
        switch_points: SwitchPoints::AllCalls,
        pace_percent: 127,
        worker_rule: WorkerRule::IdleAfterTask,
        ..V3_13
    },
    Profile {
        name: "3.11",
        gil_per_interpreter: false,
        pace_percent: 102,
        worker_rule: WorkerRule::IdleAfterTask,
        ..V3_13
    },
    Profile { name: "3.12", ..V3_13 },
    V3_13,
    Profile {
        name: "3.13t",
        gil: GilKind::None,
        switch_points: SwitchPoints::Everywhere,
        pace_percent: 140,
        ..V3_13
    },
    Profile {
        name: "3.14",
        pace_percent: 97,
        start_method: "forkserver",
        ..V3_13
    },
    Profile {
        name: "3.14t",
        gil: GilKind::None,
        switch_points: SwitchPoints::Everywhere,
        pace_percent: 105,
        start_method: "forkserver",
        ..V3_13
    },
];
