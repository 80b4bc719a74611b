//! What the site knows about one thread.

use heddle_trace::{BlockReason, CoreId, EventId, GilId, ThreadState};
use heddle_vm::contract::{ObjectIndex, Posix, SystemCall};

/// What a thread does next, once it has a core.
#[derive(Clone, Debug)]
pub(crate) enum Todo {
    /// Go on with bytecode; it holds the GIL.
    Run,
    /// Take the GIL, then go on with bytecode.
    TakeGil,
    /// It was woken: try to take what it waits for ([`Thread::wait`]).
    TryTake,
    /// Begin a call that needs no GIL.
    Begin(Call),
    /// The call's time on the core is over.
    End(Call),
}

/// Work outside the interpreter, without the GIL, on a core.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    /// A call of the kernel; the hub carries it out.
    Posix(Posix),
    /// C code of so many ns.
    Compute(u64),
    /// `sched_yield`.
    Yield,
    /// Python 2: at a check, between the release of the GIL and the attempt to take it again.
    Pass,
    /// Python 2: on the way back to sleep after a failed attempt.
    GilSleep,
}

/// What a blocked thread waits for inside its process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    /// The object whose release wakes it.
    pub object: ObjectIndex,
    /// As the trace tells it.
    pub reason: BlockReason,
    /// When it gives up, ns.
    pub deadline_ns: Option<u64>,
    /// Since when it waits, ns.
    pub since_ns: u64,
}

impl Wait {
    /// The call that the thread waits in.
    pub fn call(&self) -> SystemCall {
        SystemCall::Wait {
            object: self.object,
            reason: self.reason,
            deadline_ns: self.deadline_ns,
        }
    }
}

/// One thread.
#[derive(Clone, Debug)]
pub(crate) struct Thread {
    /// Exactly one of the closed set.
    pub state: ThreadState,
    /// What it does on its core, or will do when it has one.
    pub todo: Todo,
    /// Its number is taken, it is not there yet.
    pub unborn: bool,
    /// Dies with the main thread.
    pub daemon: bool,
    /// What it waits for, while `todo` is `TryTake` or its state is a wait for an object.
    pub wait: Option<Wait>,
    /// The core it has been given (also while it is still on its way there).
    pub core: Option<CoreId>,
    /// Cancels entries of the calendar.
    pub ticket: u32,
    /// Time on cores weighed against that of others, ns.
    pub vruntime_ns: u64,
    /// From -20 to 19: each step less is a quarter more of the core.
    pub nice: i8,
    /// Whether it has waited for the images of other cores already; see [`super::parallel`].
    pub postponed: bool,
    /// When it got its core, ns.
    pub on_core_since_ns: u64,
    /// When its call without the GIL is over, ns.
    pub native_until_ns: u64,
    /// When it became ready, as a number in order.
    pub ready_number: u64,
    /// The GIL of the interpreter that it is in.
    pub gil: GilId,
    /// The GIL's switch number when its timed wait began.
    pub gil_seen: u64,
    /// When that timed wait ends, ns.
    pub gil_until_ns: u64,
    /// While it waits for the GIL: when it can look whether it gets what it was woken for, ns.
    pub attempt_ns: Option<u64>,
    /// Whether it was woken for the GIL and has not arrived yet.
    pub gil_signalled: bool,
    /// How often it has come for the GIL, or for a lock, and found it taken, since it had the GIL last.
    pub in_vain: u32,
    /// Whether the program's first instruction has run.
    pub started: bool,
    /// The line at which its current slice began.
    pub first_line: u32,
    /// Time on cores in earlier stretches, ns.
    pub core_ns: u64,
    /// How often it gave up its core.
    pub given_up: u64,
    /// How often its core was taken away.
    pub taken: u64,
    /// The call of the kernel in which it is blocked.
    pub kernel_call: Option<Posix>,
    /// Signals that it blocks.
    pub mask: u64,
    /// Signals for it alone that wait to be unblocked.
    pub pending: u64,
    /// The signals that it waits for in `sigwait`, and up to when, ns; nothing in `pause`.
    pub sigwait: Option<(u64, Option<u64>)>,
    /// What made it ready; the next state event names it.
    pub cause: Option<EventId>,
}

impl Thread {
    /// A thread that is about to become ready.
    pub fn new(daemon: bool, vruntime_ns: u64) -> Thread {
        Thread {
            state: ThreadState::Ready,
            todo: Todo::TakeGil,
            unborn: false,
            daemon,
            wait: None,
            core: None,
            ticket: 0,
            vruntime_ns,
            nice: 0,
            postponed: false,
            on_core_since_ns: 0,
            native_until_ns: 0,
            ready_number: 0,
            gil: GilId(0),
            gil_seen: 0,
            gil_until_ns: 0,
            attempt_ns: None,
            gil_signalled: false,
            in_vain: 0,
            started: false,
            first_line: 0,
            core_ns: 0,
            given_up: 0,
            taken: 0,
            kernel_call: None,
            mask: 0,
            pending: 0,
            sigwait: None,
            cause: None,
        }
    }
}
