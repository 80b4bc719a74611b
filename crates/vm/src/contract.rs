//! The contract between a process image and the computer that runs it.
//!
//! The image is a pure state machine: it executes bytecode of one thread until a stop and says why it stopped. It knows no core, no
//! GIL and no queue of threads; it never blocks. Everything that another thread, the clock or the kernel must decide leaves the image
//! as a [`SystemCall`] and comes back as a [`Resume`]. All times are virtual nanoseconds since the start of the run.

use crate::interpreters::{Crossing, Parcel, Refusal, Request};
use crate::scene::Sight;
use heddle_trace::{BlockReason, GroupId, GroupPhase, Handle, LoopId, ObjectClass, TaskId, TaskState};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// A thread of one process, numbered from 0 (main) in order of creation; never reused.
pub type ThreadIndex = u32;

/// Identifies a waitable thing (lock, thread handle, import lock …) inside one process: its heap handle.
pub type ObjectIndex = u32;

/// How far a thread may run.
#[derive(Clone, Copy, Debug)]
pub struct Until {
    /// Virtual time at which the thread starts to run, ns.
    pub now_ns: u64,
    /// The thread stops at the first switch point of its version at or after this time, ns.
    pub limit_ns: u64,
    /// Python 2 while other threads want the GIL: the thread stops with [`Stop::Check`] when so many ticks are used up. They are counted
    /// across threads; a time limit may then stop the thread between any two instructions.
    pub ticks: Option<u32>,
    /// The thread stops with [`Stop::Halt`] between any two instructions at or after this time, ns, wherever its version could be stopped: so that
    /// somebody can look at the image. It changes nothing. `u64::MAX` if nobody wants to.
    pub halt_ns: u64,
    /// The thread was halted in this slice, and nothing has happened since: the slice goes on as if it had not been.
    pub goes_on: bool,
}

/// Where a thread can be stopped, by version of Python. Frames of code that CPython has in C count as C code: nothing stops between their
/// instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwitchPoints {
    /// 3.11 and later: starts of functions, jumps back, calls of natives except those that CPython specialises without a look.
    Calls,
    /// 3.10: the same, and after calls of every native.
    AllCalls,
    /// Before 3.10: between instructions, where CPython went through the top of its loop.
    Instructions,
    /// Free-threaded: between any two instructions, since another core may act there.
    Everywhere,
}

/// Where a thread stands: changes with every instruction that it executes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Footing {
    /// How many calls have not returned, and the instruction in the innermost of them.
    pub depth: u32,
    /// See above.
    pub instruction: u32,
    /// The same of the program's own files: of the library one does not see the inside of.
    pub own_depth: u32,
    /// See above.
    pub own_instruction: u32,
    /// The line of that one, 0 if there is none.
    pub own_line: u32,
}

/// When `ThreadPoolExecutor.submit` makes another thread (while there are fewer than `max_workers`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerRule {
    /// Always: up to 3.7, and the package `futures` for 2.7 up to its version 3.2.
    Always,
    /// Unless one is idle; each finished task counts as an idle thread (3.8 to 3.11, bpo-24882).
    IdleAfterTask,
    /// Unless one is idle, which it is only with the queue empty (3.12 and later, gh-90622).
    IdleAtEmptyQueue,
}

/// How many threads `ThreadPoolExecutor` has at most if it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultWorkers {
    /// `os.cpu_count() * 5`
    FiveTimesCpus,
    /// `min(32, os.cpu_count() + 4)`
    CpusPlusFour,
    /// `min(32, os.process_cpu_count() + 4)`
    ProcessCpusPlusFour,
}

/// What the library of the chosen version does otherwise than 3.14's, as far as processes and threads go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LibraryRules {
    /// `multiprocessing.get_start_method()`
    pub start_method: &'static str,
    /// See [`WorkerRule`].
    pub worker_rule: WorkerRule,
    /// See [`DefaultWorkers`].
    pub default_workers: DefaultWorkers,
}

/// What the chosen version of Python means for an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// See [`SwitchPoints`].
    pub switch_points: SwitchPoints,
    /// Whether there is a GIL (`sys._is_gil_enabled`).
    pub gil: bool,
    /// Whether there is `sys.setcheckinterval` instead of a switch interval.
    pub ticks: bool,
    /// Whether interpreters can have a GIL each (PEP 684).
    pub gil_per_interpreter: bool,
    /// How long instructions and natives take, in 1024ths of the costs that the image knows.
    pub pace: u32,
    /// See [`LibraryRules`].
    pub library: LibraryRules,
}

impl Rules {
    /// CPython 3.13's.
    pub const DEFAULT: Rules = Rules {
        switch_points: SwitchPoints::Calls,
        gil: true,
        ticks: false,
        gil_per_interpreter: true,
        pace: 1024,
        library: LibraryRules {
            start_method: "fork",
            worker_rule: WorkerRule::IdleAtEmptyQueue,
            default_workers: DefaultWorkers::ProcessCpusPlusFour,
        },
    };
}

/// What a call of [`Image::run`] did.
#[derive(Debug)]
pub struct Ran {
    /// Virtual time at the stop, ns; never before `Until::now_ns`. May lie past the limit by what lies between two switch points.
    pub now_ns: u64,
    /// Why the thread stopped.
    pub stop: Stop,
}

/// Why a thread stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stop {
    /// The limit was reached; the thread stands at a switch point and can go on.
    Limit,
    /// It stands where it was to halt ([`Until::halt_ns`]), perhaps at no switch point, and can go on.
    Halt,
    /// Python 2: the ticks are used up; the thread looks around, and can go on.
    Check,
    /// The thread waits for an answer, given by [`Image::resume`].
    SystemCall(SystemCall),
    /// The thread has ended. Main ends by [`Stop::Exit`] instead.
    ThreadEnd,
    /// The process is over (main has run its exit sequence, or `os._exit`): other threads die with it.
    Exit {
        /// Exit status as the parent sees it, 0..=255.
        status: i32,
    },
    /// A limit of the host was reached inside the image.
    LimitReached(HostLimit),
}

/// Limits that end a run (they are the host's; a scenario can only lower them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HostLimit {
    /// Bytes of the process image by model sizes.
    Memory,
    /// Number of threads alive.
    Threads,
}

/// A request that leaves the image. "Releases the GIL" says what CPython does around the real call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SystemCall {
    /// Sleep until the deadline; releases the GIL. Answer: [`Resume::Done`].
    Sleep { until_ns: u64 },
    /// Block on an object that was found taken; releases the GIL. After a wake-up the computer calls [`Image::try_take`] for the
    /// woken thread, without the GIL, and puts it back to sleep when that says no. Answer: `Woken`, or `TimedOut` after the deadline.
    Wait {
        object: ObjectIndex,
        reason: BlockReason,
        deadline_ns: Option<u64>,
    },
    /// Wake up to `count` threads that wait on the object (a lock was released, a thread ended); keeps the GIL. Answer: `Done`.
    Wake { object: ObjectIndex, count: u32 },
    /// A thread was created (`Image` already knows its first frame); it becomes ready to run. Keeps the GIL. Answer: `Done`.
    StartThread { thread: ThreadIndex, daemon: bool },
    /// Give up the core (`os.sched_yield`, `time.sleep(0)`); releases the GIL. Answer: `Done`.
    Yield,
    /// `sys.setswitchinterval`; keeps the GIL. Answer: `Done`.
    SetSwitchInterval { interval_ns: u64 },
    /// `sys.setcheckinterval`; keeps the GIL. Answer: `Done`.
    SetCheckInterval { ticks: u32 },
    /// `os.nice`: adds to the thread's niceness; keeps the GIL. Answer: `Int` with the new one, from -20 to 19.
    Nice { by: i32 },
    /// C code that runs for a while on the core, keeping the GIL or not. Answer: `Done`.
    Compute { cost_ns: u64, release_gil: bool },
    /// `os._exit`: the process is over at once, every thread with it. No answer.
    Exit { status: i32 },
    /// A call of the virtual POSIX kernel; releases the GIL.
    Posix(Posix),
    /// Signals and interval timers of this process.
    Signal(SignalCall),
    /// What the calling thread (or all of the process) has had of the cores; keeps the GIL. Answer: [`Resume::Usage`].
    Usage { whole: bool },
    /// Something between the interpreters of this process, to happen when all of them have come so far: [`Image::across`] says what becomes of
    /// the thread, and gives it its answer ([`Resume::Crossed`]) itself. Keeps the GIL unless it leads to another interpreter.
    #[serde(skip)] // Stands last: see [`Resume::Crossed`].
    Across(Box<Request>),
}

impl SystemCall {
    /// Whether a signal may find the thread waiting in this call, which is then interrupted and made again.
    #[must_use]
    pub fn may_wait(&self) -> bool {
        use Posix as P;
        matches!(
            self,
            SystemCall::Sleep { .. }
                | SystemCall::Wait { .. }
                | SystemCall::Signal(SignalCall::Wait { .. } | SignalCall::Pause)
                | SystemCall::Posix(
                    P::Read { .. }
                        | P::WaitPid { .. }
                        | P::Flock { .. }
                        | P::Lockf { .. }
                        | P::Poll { .. }
                        | P::EpollWait { .. }
                        | P::Accept { .. }
                        | P::Receive { .. }
                        | P::ReceiveRights { .. }
                        | P::Semaphore(Semaphore::Take { wait: true, .. })
                )
        )
    }
}

/// What a process does with its signals. Signals are numbered from 1 to 64; in sets, signal n is bit n - 1. A thread that waits and is
/// interrupted gets [`Resume::Interrupted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignalCall {
    /// What becomes of a signal; keeps the GIL. Answer: `Done`.
    Action { signal: u8, action: SignalAction },
    /// Sends a signal, to the process or to one of its threads; keeps the GIL. Answer: `Done`.
    Send { signal: u8, thread: Option<ThreadIndex> },
    /// Reads an interval timer (`ITIMER_REAL` 0, `ITIMER_VIRTUAL` 1, `ITIMER_PROF` 2) and perhaps sets it to (value, interval), ns; a value of
    /// 0 stops it; keeps the GIL. Answer: `Times` with what was left of it, and its interval.
    Timer { which: u8, set: Option<(u64, u64)> },
    /// The set of signals that the calling thread blocks, and perhaps a new one; keeps the GIL. Answer: `Int` with the old one's bits.
    Mask { set: Option<u64> },
    /// Signals that wait to be unblocked; keeps the GIL. Answer: `Int` with their bits.
    Pending,
    /// Takes one of these signals, waiting for it up to the deadline; releases the GIL. Answer: `Int` with its number, or `TimedOut`.
    Wait { set: u64, deadline_ns: Option<u64> },
    /// Waits for a handler to run; releases the GIL. Answer: none but `Interrupted`.
    Pause,
}

/// What becomes of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignalAction {
    /// The kernel's default: mostly the end of the process.
    Default,
    /// Nothing.
    Ignore,
    /// [`Image::signal`] is told.
    Catch,
}

/// Calls of the virtual POSIX kernel. Paths are bytes, relative ones are taken from the kernel's current directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
// named as in POSIX, with POSIX's meaning
pub enum Posix {
    Open {
        path: Vec<u8>,
        flags: i32,
        mode: u32,
    },
    Close {
        fd: i32,
    },
    Read {
        fd: i32,
        len: u64,
    },
    Write {
        fd: i32,
        data: Vec<u8>,
    },
    Lseek {
        fd: i32,
        offset: i64,
        whence: i32,
    },
    Ftruncate {
        fd: i32,
        length: i64,
    },
    Fstat {
        fd: i32,
    },
    Stat {
        path: Vec<u8>,
        follow: bool,
    },
    Isatty {
        fd: i32,
    },
    Dup {
        fd: i32,
    },
    Dup2 {
        from: i32,
        to: i32,
        inheritable: bool,
    },
    /// Whether a descriptor outlives an [`Exec`] (the flag `FD_CLOEXEC`, the other way round). Answer: `Int` with what it was; `None` only asks.
    Inheritable {
        fd: i32,
        set: Option<bool>,
    },
    Pipe,
    ReadDir {
        path: Vec<u8>,
    },
    Mkdir {
        path: Vec<u8>,
        mode: u32,
    },
    Rmdir {
        path: Vec<u8>,
    },
    Unlink {
        path: Vec<u8>,
    },
    Rename {
        from: Vec<u8>,
        to: Vec<u8>,
    },
    Symlink {
        target: Vec<u8>,
        path: Vec<u8>,
    },
    Readlink {
        path: Vec<u8>,
    },
    Access {
        path: Vec<u8>,
        mode: i32,
    },
    Chmod {
        path: Vec<u8>,
        mode: u32,
    },
    Utime {
        path: Vec<u8>,
        times_ns: Option<(i64, i64)>,
    },
    Chdir {
        path: Vec<u8>,
    },
    Getcwd,
    /// `O_NONBLOCK` of an open file. Answer: `Int` with what it was; `None` only asks.
    Nonblocking {
        fd: i32,
        set: Option<bool>,
    },
    /// Waits until something can be done with one of the descriptors (bits of `poll(2)` wanted), or until the deadline. Answer: `Ready`.
    Poll {
        wanted: Vec<(i32, i16)>,
        deadline_ns: Option<u64>,
    },
    /// A set of open files that the kernel keeps (`epoll_create1`). Answer: `Int`.
    EpollCreate,
    /// `epoll_ctl`: adds (1), takes away (2) or changes (3) what a set asks about a descriptor. Answer: `Done`.
    EpollControl {
        epoll: i32,
        operation: i32,
        fd: i32,
        events: u32,
    },
    /// Waits until something of a set has something to say, or until the deadline; tells of so many at most. Answer: `Ready`.
    EpollWait {
        epoll: i32,
        most: usize,
        deadline_ns: Option<u64>,
    },
    Socket {
        domain: i32,
        kind: i32,
    },
    SocketPair {
        domain: i32,
        kind: i32,
    },
    Bind {
        fd: i32,
        address: Address,
    },
    Listen {
        fd: i32,
        backlog: i32,
    },
    /// Answer: `Accepted`.
    Accept {
        fd: i32,
    },
    Connect {
        fd: i32,
        address: Address,
    },
    /// `wait: false` is `MSG_DONTWAIT`. Answer: `Int`.
    Send {
        fd: i32,
        data: Vec<u8>,
        to: Option<Address>,
        wait: bool,
    },
    /// Answer: `Received`.
    Receive {
        fd: i32,
        len: u64,
        peek: bool,
        wait: bool,
    },
    /// Sends bytes, and copies of descriptors with them. Answer: `Int`.
    SendRights {
        fd: i32,
        data: Vec<u8>,
        rights: Vec<i32>,
        wait: bool,
    },
    /// Receives bytes, and at most so many descriptors that have come with them. Answer: `Rights`.
    ReceiveRights {
        fd: i32,
        len: u64,
        most: usize,
        wait: bool,
    },
    Shutdown {
        fd: i32,
        how: i32,
    },
    /// `getsockname` or `getpeername`. Answer: `Address`.
    SocketName {
        fd: i32,
        peer: bool,
    },
    /// `SO_ERROR`: the error that a connection has met, which is forgotten. Answer: `Int` with its `errno` or 0.
    SocketError {
        fd: i32,
    },
    /// The address of a host of the simulated network. Answer: `Bytes`, or `ENOENT` for a name that nobody has.
    Resolve {
        name: Vec<u8>,
    },
    /// The flags a file was opened with (`F_GETFL`). Answer: `Int`.
    FileFlags {
        fd: i32,
    },
    /// What a pipe holds (`F_GETPIPE_SZ`), set first if it is said (`F_SETPIPE_SZ`). Answer: `Int`.
    PipeSize {
        fd: i32,
        set: Option<i64>,
    },
    /// How many bytes could be read at once (`FIONREAD`). Answer: `Int`.
    Available {
        fd: i32,
    },
    /// Closes all descriptors from `first` to before `end` but those in `keep`. Answer: `Done`.
    CloseAll {
        first: i32,
        end: i32,
        keep: Vec<i32>,
    },
    /// Runs another program in this process, whose other threads and image are gone then. Answer: only if it fails.
    Exec(Box<Exec>),
    /// Calls of semaphores that processes share.
    Semaphore(Semaphore),
    /// How many pages of 4096 bytes the file system has free, and how many it has (`statvfs`). Answer: `Pair`.
    Space,
    /// Calls of memory that processes share. Reading and writing it keeps the GIL, everything else releases it.
    Memory(Memory),
    /// Makes a copy of the process, with the calling thread alone. Answer: `Int` with the child's process id, and in the child 0.
    Fork,
    /// `waitpid`: what became of a child: the one with this process id, any (-1), one of the own group (0) or of a group (negative). Options are
    /// `WNOHANG` and those of `waitid`; who waits for the end must say `WEXITED`. Answer: `Pair` with process id and status, zeros if there is
    /// none yet.
    WaitPid {
        pid: i32,
        options: i32,
    },
    /// Sends a signal to a process, the own group (0), all others (-1) or a group (negative). Answer: `Done`.
    Kill {
        pid: i32,
        signal: u8,
    },
    /// `setpgid`; 0 is the own process, or its process id. Answer: `Done`.
    SetGroup {
        pid: i32,
        group: i32,
    },
    /// `getpgid`. Answer: `Int`.
    Group {
        pid: i32,
    },
    /// `setsid`. Answer: `Int` with the session's number.
    NewSession,
    /// `getsid`. Answer: `Int`.
    Session {
        pid: i32,
    },
    /// `flock`: takes (or gives back) the lock of the open file on its file; the bits are those of `LOCK_SH` and its kind. Answer: `Done`.
    Flock {
        fd: i32,
        operation: i32,
    },
    /// `fcntl` with `F_SETLK` (or, where it waits, `F_SETLKW`): takes or gives back the process's lock on a part of a file. Answer: `Done`.
    Lockf {
        fd: i32,
        lock: FileLock,
        wait: bool,
    },
    /// `fcntl` with `F_GETLK`. Answer: `Lock` with one that is in the way, and whose.
    FindLock {
        fd: i32,
        lock: FileLock,
    },
}

/// A program to be run in the place of another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exec {
    /// The file.
    pub path: Vec<u8>,
    /// Its arguments, its own name first.
    pub argv: Vec<Vec<u8>>,
    /// Its environment: names and values.
    pub environ: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What a program begins with that another one has started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Python's arguments, its own name first.
    pub argv: Vec<Vec<u8>>,
    /// Its environment: names and values.
    pub environ: Vec<(Vec<u8>, Vec<u8>)>,
    /// Signals that are ignored: signal n is bit n - 1.
    pub ignored: u64,
}

/// Semaphore n is the object of this number and n for the trace: above all that stand in heaps.
pub const FIRST_SEMAPHORE: ObjectIndex = 0xF000_0000;

/// What can be done with the semaphores of a computer (`sem_open` and its kind).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Semaphore {
    /// Makes one of this name with this value, which must not be there, or (`None`) opens one that is. Answer: `Int` with its number, which is good in
    /// every process of the computer that has it open or is a fork of one.
    Open { name: Vec<u8>, create: Option<u32> },
    /// Takes one: waits for it up to the deadline, or (`wait: false`) fails with `EAGAIN`. Answer: `Done`, or `TimedOut`.
    Take {
        semaphore: u32,
        wait: bool,
        deadline_ns: Option<u64>,
    },
    /// Gives one back. Answer: `Done`, or `EOVERFLOW`.
    Give { semaphore: u32 },
    /// Answer: `Int` with its value.
    Value { semaphore: u32 },
    /// The process does not use it any more. Answer: `Done`.
    Close { semaphore: u32 },
    /// Takes the name away; who has it open keeps it. Answer: `Done`.
    Unlink { name: Vec<u8> },
}

/// The memory that a file lends (or, without a name, a mapping of its own) is the object of this number and the file's for the trace.
pub const FIRST_MEMORY: ObjectIndex = 0xE000_0000;

/// What can be done with memory that processes share: parts of files, as `mmap` maps them with `MAP_SHARED`. All processes that map a part
/// see one memory, in the order of virtual time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Memory {
    /// Maps a part of a file, or (`fd: None`) new memory full of zeros. Answer: `Int` with the mapping's number, which is good in the process and
    /// in its forks.
    Map {
        fd: Option<i32>,
        offset: u64,
        len: u64,
        writes: bool,
    },
    /// What a private mapping of a part of a file begins with. Answer: `Bytes`, zeros behind the file's end.
    Copy { fd: i32, offset: u64, len: u64 },
    /// Changes a mapping's length. Answer: `Done`.
    Resize { mapping: u32, len: u64 },
    /// The process does not use the mapping any more. Answer: `Done`.
    Unmap { mapping: u32 },
    /// Reads from a mapping, keeping the GIL. Answer: `Bytes`.
    Read { mapping: u32, at: u64, len: u64 },
    /// Writes to a mapping, keeping the GIL: one piece, or items that lie apart. Answer: `Done`.
    Write {
        mapping: u32,
        at: u64,
        data: Vec<u8>,
        apart: Option<Apart>,
    },
}

/// Where items of equal size stand in memory, the first one at a place that somebody else says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    /// Bytes of an item, not 0.
    pub item_size: u32,
    /// Bytes from the beginning of one to that of the next; negative: each stands before the one before it.
    pub step: i64,
}

impl Apart {
    /// The first byte of items of `len` bytes together, the first of which stands at `at`, and the number of bytes up to their end; `None` if that is
    /// nowhere.
    pub fn span(self, at: u64, len: u64) -> Option<(u64, u64)> {
        let size = u64::from(self.item_size);
        let steps = i64::try_from((len / size.max(1)).checked_sub(1)?).ok()?;
        let last = at.checked_add_signed(self.step.checked_mul(steps)?)?;
        let from = at.min(last);
        Some((from, at.max(last).checked_add(size)? - from))
    }
}

/// A lock on a part of a file, as `struct flock` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLock {
    /// `F_RDLCK` 0, `F_WRLCK` 1 or `F_UNLCK` 2.
    pub kind: i16,
    /// What `start` is counted from, as in `lseek`.
    pub whence: i16,
    /// The first byte.
    pub start: i64,
    /// How many bytes; 0: all that follow, however long the file grows. Negative: those before `start`.
    pub len: i64,
}

/// The address of a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Address {
    /// A path, a name that begins with a NUL, or nothing for an unnamed socket.
    Unix(Vec<u8>),
    /// Internet protocol, version 4.
    Inet { host: [u8; 4], port: u16 },
    /// Internet protocol, version 6.
    Inet6 { host: [u8; 16], port: u16 },
}

/// The answer to a system call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Resume {
    /// Nothing to say.
    Done,
    /// A wait ended because the object was taken for this thread.
    Woken,
    /// A wait ended at its deadline.
    TimedOut,
    /// A number (a descriptor, a count, an offset, a truth value).
    Int(i64),
    /// Two descriptors.
    Pair(i32, i32),
    /// Bytes read, a path, a link's target.
    Bytes(Vec<u8>),
    /// What stands in a folder.
    Entries(Vec<DirEntry>),
    /// What `stat` tells.
    Stat(FileStat),
    /// Descriptors with something to say, and what (bits of `poll(2)`), in the order they were asked about.
    Ready(Vec<(i32, i16)>),
    /// The descriptor of a new connection, and who is at its other end.
    Accepted(i32, Address),
    /// What a socket received, and from whom if the protocol tells.
    Received(Vec<u8>, Option<Address>),
    /// What a socket received, the descriptors that came with it, and whether there were more than wanted.
    Rights(Vec<u8>, Vec<i32>, bool),
    /// Where a socket is.
    Address(Address),
    /// A lock that is in the way and the process that has it; `None`: nothing is.
    Lock(Option<(FileLock, u32)>),
    /// Two times, ns.
    Times(u64, u64),
    /// Time on cores (bytecode, C code and the kernel), ns, and how often a core was given up by waiting and was taken away.
    Usage {
        core_ns: u64,
        given_up: u64,
        taken: u64,
        /// Of the children that the process has waited for, and theirs: time in bytecode, and on cores in all, ns.
        children_ns: (u64, u64),
    },
    /// A signal came while the thread waited; this is the call it was in, to be made again after the handlers have run.
    Interrupted(Box<SystemCall>),
    /// The call failed with this `errno`.
    Error(i32),
    /// What another interpreter, or what they share, answered. It never leaves the process (and stands last, since what is left out of the bytes moves the
    /// numbers of those behind it).
    #[serde(skip)]
    Crossed(Result<Parcel, Refusal>),
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirEntry {
    /// Its name, without the folder.
    pub name: Vec<u8>,
    /// Number of the file.
    pub inode: u64,
    /// File type bits as in `st_mode` (`S_IFMT` part).
    pub kind: u32,
}

/// The number that `fstat` gives for what the person sees and types.
pub const TERMINAL_INODE: u64 = 3;

/// The fields of `stat_result` that the virtual kernel knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
// POSIX's names
pub struct FileStat {
    pub mode: u32,
    pub inode: u64,
    pub device: u64,
    pub links: u64,
    pub uid: u32,
    pub gid: u32,
    pub size: u64,
    pub atime_ns: i64,
    pub mtime_ns: i64,
    pub ctime_ns: i64,
}

/// Where a thread stands, for slices, hover cards and deadlock reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Qualified name of the function.
    pub function: String,
    /// File name as in tracebacks.
    pub file: String,
    /// Line, from 1; 0 when unknown.
    pub line: u32,
}

/// The innermost [`Place`] of a thread, borrowed: asked for at both ends of every slice, so it must cost next to nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Here<'a> {
    /// Qualified name of the function.
    pub function: &'a str,
    /// File name as in tracebacks.
    pub file: &'a str,
    /// Line, from 1; 0 when unknown.
    pub line: u32,
}

/// Something that happened inside the image while it ran and that the trace wants to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImageEvent {
    /// When, ns.
    pub time_ns: u64,
    /// In which thread.
    pub thread: ThreadIndex,
    /// What.
    pub kind: ImageEventKind,
}

/// The kinds of [`ImageEvent`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ImageEventKind {
    /// A lock was taken without waiting.
    Acquired { object: ObjectIndex },
    /// A lock was released.
    Released { object: ObjectIndex },
    /// A person's name for an object, without its class ("a", "not_empty of the queue q"). Optional: for an object that is waited for
    /// and was not named before, the computer asks [`Image::describe`].
    Named {
        object: ObjectIndex,
        class: ObjectClass,
        name: String,
    },
    /// A thread's Python-level name became known or changed.
    ThreadNamed { thread: ThreadIndex, name: String },
    /// An exception left the thread's outermost function.
    Uncaught { summary: String },
    /// Something happened to an event loop or one of its tasks.
    Task(Box<TaskNote>),
    /// Something was pickled, or a message is on its way.
    Message(Box<MessageNote>),
}

/// What the trace is told of messages; as [`heddle_trace::Between`] says it, with texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of the trace's events
pub enum MessageNote {
    /// A connection is about to send.
    Sends { bytes: u64, text: Rc<str>, name: Rc<str> },
    /// A connection is about to receive.
    Receives { name: Rc<str> },
    /// A pickle was made or read.
    Pickled { ns: u64, text: Rc<str>, loads: bool },
}

/// What the trace is told of event loops and tasks; as [`heddle_trace::EventKind`] says it, with texts and without event ids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of the trace's events
pub enum TaskNote {
    /// An iteration begins, or goes on after the wait for input.
    Turn { event_loop: LoopId, ready: u32 },
    /// The loop waits for input or the next timer.
    Select { event_loop: LoopId, until: Option<u64> },
    /// The loop calls a callback.
    Callback {
        event_loop: LoopId,
        task: Option<TaskId>,
        name: Rc<str>,
        ready: u32,
    },
    /// The loop does not run any more.
    Stopped { event_loop: LoopId },
    /// A task was made.
    Created {
        task: TaskId,
        event_loop: LoopId,
        parent: Option<TaskId>,
        group: Option<GroupId>,
        name: Rc<str>,
        coroutine: Rc<str>,
        at: Rc<str>,
    },
    /// A task has been given another name.
    Renamed { task: TaskId, name: Rc<str> },
    /// A task enters a state, by something that happens during the state of `by`.
    State {
        task: TaskId,
        state: TaskState,
        label: Rc<str>,
        chain: Rc<str>,
        by: Waker,
    },
    /// A task is asked to cancel itself.
    Cancel { task: TaskId, by: Waker },
    /// A task group goes on to another phase.
    Group {
        group: GroupId,
        owner: Option<TaskId>,
        phase: GroupPhase,
    },
}

/// During whose state something happens to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Waker {
    /// A step of this task.
    Task(TaskId),
    /// A callback of this loop that is no task's.
    Loop(LoopId),
    /// Another thread, without a loop.
    Nobody,
}

/// One process image as the computer sees it. Implemented by `Process`; the computer's tests implement it with small fakes.
pub trait Image: Clone {
    /// Runs `thread` from where it stands.
    fn run(&mut self, thread: ThreadIndex, until: Until) -> Ran;
    /// Delivers the answer to the thread's pending system call; the next [`Image::run`] goes on with it.
    fn resume(&mut self, thread: ThreadIndex, answer: Resume);
    /// A woken thread tries to take what it waits for (a lock: succeeds if free, and takes it; a thread handle: done?).
    fn try_take(&mut self, thread: ThreadIndex, object: ObjectIndex) -> bool;
    /// The stack of `thread`, innermost first.
    fn stack(&self, thread: ThreadIndex) -> Vec<Place>;
    /// Where `thread` stands now (everything empty before its first and after its last instruction).
    fn here(&self, thread: ThreadIndex) -> Here<'_>;
    /// Who holds the object, if it is a lock and held.
    fn owner(&self, object: ObjectIndex) -> Option<ThreadIndex>;
    /// A person's name for the object, found from the program's variables, without its class ("a", "not_empty of the queue q"); empty
    /// if none is known.
    fn describe(&self, object: ObjectIndex) -> String;
    /// The thread's Python-level name.
    fn thread_name(&self, thread: ThreadIndex) -> String;
    /// This is the copy that a fork made: of its threads only this one goes on, in the call of [`Posix::Fork`]. It is the main one and has the
    /// number 0 from now on.
    fn forked(&mut self, _thread: ThreadIndex, _pid: u32, _parent_pid: u32) {}
    /// Another program begins in this process, in its main thread; the number of its next thread follows on those there were. The computer
    /// does not ask for what was before any more, except for [`Image::user_ns`], which goes on from there.
    /// Says what people call the program ("child.py").
    fn exec(&mut self, _program: Program) -> String {
        String::new()
    }
    /// What [`Image::exec`] would say.
    fn program_name(_program: &Program) -> String {
        String::new()
    }
    /// The process's parent has ended; this one takes its place.
    fn adopted(&mut self, _parent_pid: u32) {}
    /// The process is over. Nobody asks for its objects, threads and places any more, only for [`Image::user_ns`]: the rest may go.
    fn end(&mut self) {}
    /// How many objects it has.
    fn objects(&self) -> u64 {
        0
    }
    /// Its memory by model sizes, and what it may have together with other processes of its computer, bytes.
    fn memory(&self) -> (u64, u64) {
        (0, u64::MAX)
    }
    /// Time that its threads have spent in bytecode, ns.
    fn user_ns(&self) -> u64 {
        0
    }
    /// So many bytes of that are other processes' now.
    fn others_use(&mut self, _bytes: u64) {}
    /// A signal that the process catches has come: its handler is due in the main thread.
    fn signal(&mut self, _signal: u8) {}
    /// Carries out a [`SystemCall::Across`] of the thread.
    fn across(&mut self, _thread: ThreadIndex, _request: Request) -> Crossing {
        Crossing::Stay { cost_ns: 0 }
    }
    /// The thread, which was told [`Crossing::Go`] and holds no GIL any more, is in the other interpreter from now on.
    fn cross(&mut self, _thread: ThreadIndex) {}
    /// Where a thread stands, exactly.
    fn stands(&self, _thread: ThreadIndex) -> Footing {
        Footing::default()
    }
    /// What there is to see in it: the calls of these threads, the insides of these objects of it, and the code that one of the threads executes.
    /// Whoever asks lets it go afterwards.
    fn see(&mut self, _threads: &[ThreadIndex], _insides: &[Handle], _code_of: Option<ThreadIndex>) -> Sight {
        Sight::default()
    }
    /// Moves the events since the last call, in order of time, to `into`.
    fn drain_events(&mut self, into: &mut Vec<ImageEvent>);
}
