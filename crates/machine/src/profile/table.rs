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
//! - *Hand-over*: `_thread.lock` is a `PyMutex` since 3.13.1 (gh-117721, python/cpython#125110), `_thread.RLock` since 3.14; semaphores before, which are free for all.
//! - *Start method*: `multiprocessing/context.py` under Linux: `fork`, and `forkserver` since 3.14 (gh-84559).
//! - *Workers*: `concurrent/futures/thread.py` of each version. The default was `cpu_count() * 5` from 3.5 to 3.7, before that there was none
//!   (`max_workers` had to be given), so 3.2 gets that of its successors; since 3.8 `min(32, cpu_count() + 4)` (bpo-35279), since 3.13
//!   `process_cpu_count()`. 2.7: the package `futures` 3.2; its version 3.3 of 2019 took over the rule of 3.8.

use super::{GilKind, HandOver, Profile};
use heddle_vm::contract::{DefaultWorkers, LibraryRules, SwitchPoints, WorkerRule};

const TICKS: GilKind = GilKind::Ticks { interval: 100 };
const INTERVAL: GilKind = GilKind::Interval { interval_ns: 5_000_000 };

/// Up to 3.7.
const UP_TO_3_7: LibraryRules = LibraryRules {
    start_method: "fork",
    worker_rule: WorkerRule::Always,
    default_workers: DefaultWorkers::FiveTimesCpus,
};
/// 3.8 to 3.11.
const FROM_3_8: LibraryRules = LibraryRules {
    worker_rule: WorkerRule::IdleAfterTask,
    default_workers: DefaultWorkers::CpusPlusFour,
    ..UP_TO_3_7
};
const V3_12: LibraryRules = LibraryRules {
    worker_rule: WorkerRule::IdleAtEmptyQueue,
    ..FROM_3_8
};
const FROM_3_13: LibraryRules = LibraryRules {
    default_workers: DefaultWorkers::ProcessCpusPlusFour,
    ..V3_12
};
const FROM_3_14: LibraryRules = LibraryRules {
    start_method: "forkserver",
    ..FROM_3_13
};

/// 3.13; what follows from it by default is said once, here.
pub const V3_13: Profile = Profile {
    name: "3.13",
    gil: INTERVAL,
    gil_per_interpreter: true,
    switch_points: SwitchPoints::Calls,
    pace_percent: 100,
    hand_over: HandOver::Locks,
    library: FROM_3_13,
};

/// All versions, oldest first.
pub const PROFILES: &[Profile] = &[
    Profile {
        name: "2.7",
        hand_over: HandOver::Never,
        gil_per_interpreter: false,
        gil: TICKS,
        switch_points: SwitchPoints::Instructions,
        pace_percent: 126,
        library: UP_TO_3_7,
    },
    Profile {
        name: "3.2",
        hand_over: HandOver::Never,
        gil_per_interpreter: false,
        switch_points: SwitchPoints::Instructions,
        pace_percent: 145,
        library: UP_TO_3_7,
        ..V3_13
    },
    Profile {
        name: "3.9",
        hand_over: HandOver::Never,
        gil_per_interpreter: false,
        switch_points: SwitchPoints::Instructions,
        pace_percent: 130,
        library: FROM_3_8,
        ..V3_13
    },
    Profile {
        name: "3.10",
        hand_over: HandOver::Never,
        gil_per_interpreter: false,
        switch_points: SwitchPoints::AllCalls,
        pace_percent: 127,
        library: FROM_3_8,
        ..V3_13
    },
    Profile {
        name: "3.11",
        hand_over: HandOver::Never,
        gil_per_interpreter: false,
        pace_percent: 102,
        library: FROM_3_8,
        ..V3_13
    },
    Profile {
        name: "3.12",
        hand_over: HandOver::Never,
        library: V3_12,
        ..V3_13
    },
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
        hand_over: HandOver::AllLocks,
        pace_percent: 97,
        library: FROM_3_14,
        ..V3_13
    },
    Profile {
        name: "3.14t",
        hand_over: HandOver::AllLocks,
        gil: GilKind::None,
        switch_points: SwitchPoints::Everywhere,
        pace_percent: 105,
        library: FROM_3_14,
        ..V3_13
    },
];
