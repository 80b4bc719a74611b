//! What the operations of the simulated computer cost, in virtual nanoseconds.
//!
//! A table is named, and a name never changes its numbers: a link that names a table means the same for ever.
//! Costs per bytecode are not here; the image charges them itself. Each number says where it comes from; those
//! marked *measured* come from `tests/calibrate/machine.py`, run under CPython 3.13 on Linux x86-64 and rounded.

/// The names that [`Costs::named`] knows.
pub const NAMES: &[&str] = &["laptop-2026"];

/// One table of costs. All fields are virtual nanoseconds unless they say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costs {
    /// A core goes from one thread to another. 1 to 3 µs on current x86 with caches disturbed (lmbench `lat_ctx`).
    pub context_switch_ns: u64,
    /// A thread is woken and its core has been idle only for a moment (C1): interrupt, scheduler, return to user
    /// space. About 5 µs (`cyclictest`, and half a futex ping-pong between two cores).
    pub wake_shallow_ns: u64,
    /// The same when the core has been idle for longer and sleeps deeply (C6 and below). 30 to 80 µs on laptops.
    pub wake_deep_ns: u64,
    /// Idle time after which a core sleeps deeply: the target residency of C6 in `intel_idle`.
    pub deep_sleep_after_ns: u64,
    /// Waking another thread (`futex(FUTEX_WAKE)` with a waiter, an interrupt to the other core). About 1.5 µs.
    pub signal_ns: u64,
    /// Making a thread (`pthread_create`: stack, `clone`, wake-up). 10 to 30 µs *measured*.
    pub thread_create_ns: u64,
    /// The end of a thread (`exit`, stack unmapped), before its core is free.
    pub thread_exit_ns: u64,
    /// Entering and leaving the kernel for a call that does next to nothing (`sched_yield`, `lseek`). About 0.2 µs
    /// with the mitigations of 2026.
    pub syscall_ns: u64,
    /// `read` and `write`, apart from the bytes: a pipe or the page cache. About 0.8 µs.
    pub read_write_ns: u64,
    /// Writing to a terminal or a captured stream, apart from the bytes. About 2 µs.
    pub terminal_ns: u64,
    /// Per 16 bytes copied by the kernel: 1 ns is 16 GB/s.
    pub copy_16_bytes_ns: u64,
    /// `open`, `stat` and others that walk a path. About 1.2 µs with a warm cache.
    pub path_ns: u64,
    /// Sleeping threads are not woken exactly: the kernel groups timers within this slack (`prctl(PR_SET_TIMERSLACK)`
    /// is 50 µs by default), and mostly uses all of it.
    pub timer_slack_ns: u64,
    /// How far wake-up latencies scatter around their mean, in percent either way; the seed decides.
    pub jitter_percent: u64,
}

impl Costs {
    /// A current laptop under Linux.
    pub const LAPTOP_2026: Costs = Costs {
        context_switch_ns: 1_800,
        wake_shallow_ns: 5_000,
        wake_deep_ns: 40_000,
        deep_sleep_after_ns: 600_000,
        signal_ns: 1_500,
        thread_create_ns: 18_000,
        thread_exit_ns: 6_000,
        syscall_ns: 200,
        read_write_ns: 800,
        terminal_ns: 2_000,
        copy_16_bytes_ns: 1,
        path_ns: 1_200,
        timer_slack_ns: 50_000,
        jitter_percent: 20,
    };

    /// The table of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Costs> {
        match name {
            "laptop-2026" => Some(Costs::LAPTOP_2026),
            _ => None,
        }
    }

    /// The kernel's work of copying so many bytes.
    #[must_use]
    pub fn copy_ns(&self, bytes: usize) -> u64 {
        (bytes as u64 / 16).saturating_mul(self.copy_16_bytes_ns)
    }
}
