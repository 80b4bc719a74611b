//! What the operations of the simulated computer cost, in virtual nanoseconds.
//!
//! A table is named, and a name never changes its numbers: a link that names a table means the same for ever.
//! Costs per bytecode are not here; the image charges them itself. Each number says where it comes from; those
//! marked *measured* come from `tests/calibrate/machine.py`, run under CPython 3.13 on Linux x86-64 and rounded.

/// The names that [`Costs::named`] knows.
pub const NAMES: &[&str] = &["laptop-2026", "macbook-2009"];

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
    /// Reading or writing memory that other cores write to as well, apart from the bytes: a cache line comes from another core. 40 to 100 ns on
    /// current laptops (core-to-core latency).
    pub shared_line_ns: u64,
    /// `open`, `stat` and others that walk a path. About 1.2 µs with a warm cache.
    pub path_ns: u64,
    /// `fork` of a Python process of some 10 MB: page tables and what is copied at once. 0.3 to 0.6 ms *estimated*.
    pub fork_ns: u64,
    /// `execve` up to the first instruction of the new program's own: the old address space goes, the new one is mapped, libraries are linked.
    /// 0.4 to 0.7 ms *measured* (`/bin/true` from `posix_spawn` up to its end takes 0.6 ms).
    pub exec_ns: u64,
    /// Sleeping threads are not woken exactly: the kernel groups timers within this slack (`prctl(PR_SET_TIMERSLACK)`
    /// is 50 µs by default), and mostly uses all of it.
    pub timer_slack_ns: u64,
    /// Time the processor needs for bytecode, in percent of `laptop-2026`'s.
    pub processor_percent: u32,
    /// What waking a thread on *another* core costs the one who wakes on top of `signal_ns` when Python 2's GIL is released: the interrupt to
    /// that core, and the lock's cache lines that go there.
    pub cross_core_ns: u64,
    /// What a system call slows down the bytecode after it, by what it leaves in the caches; counted where Python 2 signals at every check.
    /// Soares and Stumm (FlexSC, OSDI 2010) found this as large as the call itself or larger.
    pub aftermath_ns: u64,
    /// One of Python 2's checks that nobody notices: the GIL is released and taken again, without a system call. *Measured* with 2.7.18: a countdown
    /// beside a main thread that waits for a lock takes 4.2 to 4.6 times as long with a pending signal as without one; a round is two ticks.
    pub check_ns: u64,
    /// A thread that was woken for Python 2's GIL, finds it taken and goes back to sleep: the time of that on its core.
    pub failed_acquire_ns: u64,
    /// The timer interrupts every core at multiples of this.
    pub tick_ns: u64,
    /// How long such an interrupt takes, with what the kernel does then; counted where it can decide who gets Python 2's GIL.
    pub interrupt_ns: u64,
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
        shared_line_ns: 60,
        path_ns: 1_200,
        fork_ns: 400_000,
        exec_ns: 500_000,
        timer_slack_ns: 50_000,
        processor_percent: 100,
        cross_core_ns: 700,
        aftermath_ns: 600,
        check_ns: 60,
        failed_acquire_ns: 900,
        tick_ns: 1_000_000,
        interrupt_ns: 4_000,
        jitter_percent: 20,
    };

    /// The computer of David Beazley's measurements (USENIX 2009): a MacBook with an Intel Core Duo at 2 GHz under OS X 10.5. The processor's
    /// share is calibrated by its 24.6 s for two countdowns from 100 million one after the other (123 ns a round) with Python 2's pace;
    /// `signal_ns` with `aftermath_ns` by its 38.0 s with one core, `cross_core_ns` by its 45.5 s with two. The other numbers are estimates:
    /// those of `laptop-2026` for a processor and a kernel of that time.
    pub const MACBOOK_2009: Costs = Costs {
        context_switch_ns: 4_000,
        wake_shallow_ns: 7_500,
        wake_deep_ns: 30_000,
        deep_sleep_after_ns: 600_000,
        signal_ns: 1_600,
        thread_create_ns: 40_000,
        thread_exit_ns: 15_000,
        syscall_ns: 500,
        read_write_ns: 2_500,
        terminal_ns: 6_000,
        copy_16_bytes_ns: 5,
        shared_line_ns: 100,
        path_ns: 5_000,
        fork_ns: 1_000_000,
        exec_ns: 1_500_000,
        timer_slack_ns: 50_000,
        processor_percent: 360,
        cross_core_ns: 1_000,
        aftermath_ns: 2_600,
        check_ns: 216,
        failed_acquire_ns: 1_800,
        tick_ns: 1_000_000,
        interrupt_ns: 10_000,
        jitter_percent: 20,
    };

    /// The table of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Costs> {
        match name {
            "laptop-2026" => Some(Costs::LAPTOP_2026),
            "macbook-2009" => Some(Costs::MACBOOK_2009),
            _ => None,
        }
    }

    /// The kernel's work of copying so many bytes.
    #[must_use]
    pub fn copy_ns(&self, bytes: usize) -> u64 {
        (bytes as u64 / 16).saturating_mul(self.copy_16_bytes_ns)
    }
}
