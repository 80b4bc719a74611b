//! What happens when a thread stops: system calls, waits and their ends, calls without the GIL, exits.

use super::call_names::name_of;
use super::parallel::IN_C_CODE_NS;
use super::thread::{Call, Thread, Todo, Wait};
use super::{Reply, Site, Why};
use crate::kernel::Touched;
use crate::profile::{GilKind, HandOver};
use crate::record::Tape;
use crate::scheduler::Reason;
use heddle_trace::{
    BlockReason, Count, DropWhy, EventId, EventKind, Finish, ObjectClass, ObjectId, ThreadId, ThreadState,
};
use heddle_vm::contract::{
    HostLimit, Image, Memory, ObjectIndex, Posix, Resume, Semaphore, Stop, SystemCall, ThreadIndex,
};

impl<I: Image> Site<I> {
    /// The runner has stopped, now.
    pub(super) fn handle_stop(&mut self, thread: ThreadIndex, stop: Stop, tape: &mut Tape) {
        match stop {
            Stop::Limit | Stop::Halt => {}
            Stop::Check => self.check(thread, tape),
            Stop::SystemCall(call) => self.system_call(thread, call, tape),
            Stop::ThreadEnd => {
                self.end_slice(thread, tape);
                self.drop_gil(thread, DropWhy::Finished, tape);
                self.finish_thread(thread, Finish::Returned, tape);
                self.leave_core(thread);
            }
            Stop::Exit { status } => self.exit(thread, status, tape),
            Stop::LimitReached(limit) => self.limit = Some(limit),
        }
    }

    /// Main is over, and every other thread with it.
    fn exit(&mut self, thread: ThreadIndex, status: i32, tape: &mut Tape) {
        self.end_slice(thread, tape);
        self.drop_gil_for_good(thread, tape);
        self.finish_thread(thread, Finish::Returned, tape);
        self.end_process(thread, status, tape);
    }

    /// Whatever threads are left end with the process; `thread` is the one that ended it.
    pub(super) fn end_process(&mut self, thread: ThreadIndex, status: i32, tape: &mut Tape) {
        self.beside.clear();
        let others: Vec<ThreadIndex> = self.living().map(|(other, _)| other).collect();
        for other in others {
            self.finish_thread(other, Finish::Abandoned, tape);
        }
        tape.record(self.now, self.pid, thread, EventKind::ProcessExit { status }, None);
        self.close_cores();
        self.ended = Some(status);
    }

    /// Drops the GIL without waking anybody: the process ends.
    pub(super) fn drop_gil_for_good(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        self.gil(thread).waiters.clear();
        self.drop_gil(thread, DropWhy::Finished, tape);
    }

    /// Accounts the stretches that end with the run.
    pub fn close_cores(&mut self) {
        for core in &mut self.cores {
            if let Some(since) = core.current.take().and_then(|t| self.threads.get(t as usize)) {
                core.busy_ns += self.now.saturating_sub(since.on_core_since_ns);
                core.idle_since_ns = self.now;
            }
        }
    }

    fn system_call(&mut self, thread: ThreadIndex, call: SystemCall, tape: &mut Tape) {
        if let Some(name) = name_of(&call) {
            tape.count(self.pid, thread, Count::Call(name));
        }
        match call {
            SystemCall::Wake { object, count } => {
                let woken = self.wake(thread, object, count, tape);
                if woken > 0 {
                    tape.count(self.pid, thread, Count::Call("futex_wake"));
                }
                self.go_on(thread, Resume::Done, u64::from(woken) * self.costs.signal_ns);
            }
            SystemCall::Wait {
                object,
                reason,
                deadline_ns,
            } => {
                let wait = Wait {
                    object,
                    reason,
                    deadline_ns,
                    since_ns: self.now,
                };
                if self.signal_is_due(thread) && self.signals_end(&wait) {
                    return self.go_on(thread, interrupted(call), 0);
                }
                if self.gil(thread).kind == GilKind::None && self.takes(thread, object, tape) {
                    // It was let go on another core since the thread looked, and the waking has found nobody.
                    return self.go_on(thread, Resume::Woken, 0);
                }
                self.name_object(thread, reason, tape);
                self.end_slice(thread, tape);
                self.drop_gil(thread, DropWhy::Blocking, tape);
                let entry = self.thread(thread);
                entry.wait = Some(wait);
                entry.todo = Todo::TryTake;
                self.block_on_object(thread, tape);
                self.leave_core(thread);
            }
            SystemCall::Sleep { .. } if self.signal_is_due(thread) => self.go_on(thread, interrupted(call), 0),
            SystemCall::Sleep { until_ns } => self.sleep(thread, until_ns, tape),
            SystemCall::StartThread { thread: child, daemon } => self.start_thread(thread, child, daemon, tape),
            SystemCall::SetSwitchInterval { interval_ns } => {
                self.gil(thread).interval_ns = interval_ns.max(1);
                self.go_on(thread, Resume::Done, 0);
            }
            SystemCall::SetCheckInterval { ticks } => {
                self.gil(thread).check_interval = ticks.max(1);
                self.go_on(thread, Resume::Done, 0);
            }
            SystemCall::Nice { by } => {
                let entry = self.thread(thread);
                entry.nice = i32::from(entry.nice).saturating_add(by).clamp(-20, 19) as i8;
                let nice = i64::from(entry.nice);
                let cost_ns = self.costs.syscall_ns;
                self.go_on(thread, Resume::Int(nice), cost_ns);
            }
            SystemCall::Compute { cost_ns, release_gil } => {
                tape.spent(&self.image.here(thread), cost_ns);
                if release_gil {
                    self.leave_gil(thread, Call::Compute(cost_ns), tape);
                } else {
                    self.go_on(thread, Resume::Done, cost_ns);
                }
            }
            SystemCall::Exit { status } => self.exit(thread, status, tape),
            SystemCall::Yield => self.leave_gil(thread, Call::Yield, tape),
            // The hub answers now, in the order of time among all processes, and the thread goes on.
            SystemCall::Posix(call @ Posix::Memory(Memory::Read { .. } | Memory::Write { .. })) => {
                self.touching = Some((thread, call));
            }
            SystemCall::Posix(call) => self.leave_gil(thread, Call::Posix(call), tape),
            SystemCall::Usage { whole } => {
                let answer = self.usage(thread, whole);
                self.go_on(thread, answer, self.costs.syscall_ns);
            }
            SystemCall::Across(request) => self.across(thread, *request, tape),
            SystemCall::Signal(call) => self.signal_call(thread, call, tape),
        }
    }

    /// The call needed no other thread: the runner goes on after so many ns.
    pub(super) fn go_on(&mut self, thread: ThreadIndex, answer: Resume, cost_ns: u64) {
        self.image.resume(thread, answer);
        self.clock = self.clock.saturating_add(cost_ns);
        self.work = self.work.saturating_add(cost_ns / 64);
    }

    /// What a thread or all of them have had of the cores.
    fn usage(&self, thread: ThreadIndex, whole: bool) -> Resume {
        let (mut core_ns, mut given_up, mut taken) = (0u64, 0, 0);
        for (at, entry) in self.threads.iter().enumerate() {
            if !whole && at != thread as usize {
                continue;
            }
            core_ns += self.time_on_cores(entry);
            given_up += entry.given_up;
            taken += entry.taken;
        }
        Resume::Usage {
            core_ns,
            given_up,
            taken,
            children_ns: self.children_ns,
        }
    }

    /// What the process and the children that it has waited for have had: time in bytecode, and on cores in all, ns.
    pub fn family_ns(&self) -> (u64, u64) {
        let cores: u64 = self.threads.iter().map(|entry| self.time_on_cores(entry)).sum();
        let user = self.image.user_ns().min(cores);
        (user + self.children_ns.0, cores + self.children_ns.1)
    }

    /// What a thread has had of the cores up to now, ns.
    pub(super) fn time_on_cores(&self, entry: &Thread) -> u64 {
        let stretch = entry
            .core
            .map_or(0, |_| self.now.saturating_sub(entry.on_core_since_ns));
        entry.core_ns + stretch
    }

    fn sleep(&mut self, thread: ThreadIndex, until_ns: u64, tape: &mut Tape) {
        self.end_slice(thread, tape);
        self.drop_gil(thread, DropWhy::Blocking, tape);
        self.thread(thread).todo = Todo::TakeGil;
        let reason = BlockReason::Sleep { until: until_ns };
        self.set_state(thread, ThreadState::Blocked(reason), None, tape);
        self.set_deadline(thread, Some(until_ns));
        self.leave_core(thread);
    }

    fn start_thread(&mut self, parent: ThreadIndex, child: ThreadIndex, daemon: bool, tape: &mut Tape) {
        if self.alive >= self.max_threads {
            self.limit = Some(HostLimit::Threads);
            return;
        }
        // Threads are numbered in order of creation. Interpreters that run at the same time may create two in one order and start them in the
        // other: a gap is left for those to come. An image that repeats numbers is refused.
        while self.threads.len() <= child as usize && child as usize <= self.threads.len() + 1024 {
            let mut gap = Thread::new(true, 0);
            gap.state = ThreadState::Finished;
            gap.unborn = true;
            self.threads.push(gap);
        }
        let gil = self.gil_id(parent);
        match self.threads.get_mut(child as usize) {
            Some(place) if place.unborn => *place = Thread::new(daemon, self.min_vruntime),
            _ => {
                self.limit = Some(HostLimit::Threads);
                return;
            }
        }
        self.thread(child).gil = gil;
        self.alive += 1;
        let created = self.record_created(parent, child, daemon, tape);
        self.make_ready(child, Some(created), tape);
        self.go_on(parent, Resume::Done, self.costs.thread_create_ns);
    }

    /// Wakes up to `count` threads that wait on the object; says how many.
    fn wake(&mut self, waker: ThreadIndex, object: ObjectIndex, count: u32, tape: &mut Tape) -> u32 {
        let mut woken = 0;
        while woken < count {
            let mut candidates = std::mem::take(&mut self.scratch);
            candidates.clear();
            candidates.extend_from_slice(self.waits.of(object));
            let at = self.choose(Reason::Wake, &candidates);
            let chosen = candidates.get(at).copied();
            self.scratch = candidates;
            let Some(thread) = chosen else { break };
            self.waits.leave(object, thread);
            let told = self
                .thread(thread)
                .wait
                .and_then(|wait| wait.reason.object())
                .or(Some(ObjectId(object)));
            let kind = EventKind::Wake {
                thread: ThreadId(thread),
                object: told,
            };
            let cause = tape.record(self.now, self.pid, waker, kind, None);
            self.hand_over(thread, tape);
            self.make_ready(thread, Some(cause), tape);
            woken += 1;
        }
        woken
    }

    /// What the thread waits for has been released now: it gets it before anybody else can come, if it has waited for long and Python is one that
    /// is fair then. Otherwise it tries when it has a core.
    fn hand_over(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let Some(wait) = self.thread(thread).wait else { return };
        let long = self.now - wait.since_ns > HandOver::AFTER_NS;
        if long && self.hand_over.includes(wait.reason) && self.takes(thread, wait.object, tape) {
            let entry = self.thread(thread);
            (entry.wait, entry.todo) = (None, Todo::TakeGil);
            self.image.resume(thread, Resume::Woken);
        }
    }

    /// Puts the thread to sleep on what it waits for ([`Thread::wait`]).
    pub(super) fn block_on_object(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let Some(wait) = self.thread(thread).wait else { return };
        self.waits.enter(wait.object, thread);
        self.set_state(thread, ThreadState::Blocked(wait.reason), None, tape);
        match wait.deadline_ns {
            Some(deadline) => {
                self.set_timer(thread, deadline.max(self.now).saturating_add(self.costs.timer_slack_ns));
            }
            None => self.cancel_timer(thread),
        }
    }

    /// The thread sleeps until this moment, ns, or without end; timers come late by the kernel's slack.
    pub(super) fn set_deadline(&mut self, thread: ThreadIndex, deadline_ns: Option<u64>) {
        match deadline_ns {
            Some(deadline) => {
                self.set_timer(thread, deadline.max(self.now).saturating_add(self.costs.timer_slack_ns));
            }
            None => self.cancel_timer(thread),
        }
    }

    /// A sleep or the timeout of a wait is over.
    pub(super) fn deadline(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        let entry = self.thread(thread);
        let answer = if entry.sigwait.take().is_some() {
            Resume::TimedOut
        } else if let Some(wait) = entry.wait.take() {
            self.waits.leave(wait.object, thread);
            Resume::TimedOut
        } else if entry.kernel_call.take().is_some() {
            self.expired.push(thread);
            Resume::TimedOut
        } else {
            Resume::Done
        };
        self.wake_with(thread, answer, None, tape);
    }

    /// A blocked thread goes on with this answer.
    pub(super) fn wake_with(&mut self, thread: ThreadIndex, answer: Resume, cause: Option<EventId>, tape: &mut Tape) {
        self.image.resume(thread, answer);
        self.thread(thread).todo = Todo::TakeGil;
        self.make_ready(thread, cause, tape);
    }

    /// The thread has its core, or the time of its call is over.
    pub(super) fn do_todo(&mut self, thread: ThreadIndex, tape: &mut Tape) -> Option<Why> {
        match std::mem::replace(&mut self.thread(thread).todo, Todo::TakeGil) {
            Todo::Run => self.begin_bytecode(thread, tape),
            Todo::TakeGil => self.take_gil(thread, tape),
            Todo::TryTake => self.try_take(thread, tape),
            Todo::Begin(call) => self.begin_call(thread, call, tape),
            Todo::End(Call::Compute(_)) => self.end_call(thread, Resume::Done, tape),
            Todo::End(Call::Pass) => self.retake(thread, tape),
            Todo::End(Call::GilSleep) => self.sleep_for_gil(thread, tape),
            Todo::End(Call::Yield) => {
                self.image.resume(thread, Resume::Done);
                // Behind all that are ready now.
                let last = self
                    .ready
                    .iter()
                    .filter_map(|&t| self.threads.get(t as usize))
                    .map(|t| t.vruntime_ns)
                    .max();
                if let Some(last) = last {
                    let entry = self.thread(thread);
                    entry.vruntime_ns = entry.vruntime_ns.max(last.saturating_add(1));
                }
                if !self.preempt(thread, Todo::TakeGil, tape) {
                    self.take_gil(thread, tape);
                }
            }
            Todo::End(Call::Posix(call)) => return Some(Why::SystemCall { thread, call }),
        }
        None
    }

    /// A woken thread tries to take what it waits for, without the GIL.
    fn try_take(&mut self, thread: ThreadIndex, tape: &mut Tape) {
        if let Some(at) = self.image_ahead(thread) {
            // The image is ahead of the calendar: look at it when the calendar is there.
            self.thread(thread).todo = Todo::TryTake;
            if self.gil(thread).kind != GilKind::None {
                // Whoever moves it holds the GIL, which is what this thread will wait for.
                return self.gil_wait_and_try(thread, at, tape);
            }
            if at - self.now > IN_C_CODE_NS && self.attempt(thread, tape) {
                return self.take_gil(thread, tape);
            }
            let entry = self.thread(thread);
            let (core, cause) = (entry.core, entry.cause.take());
            if let Some(core) = core {
                self.set_state(thread, ThreadState::Native { core }, cause, tape);
            }
            self.set_timer(thread, at);
            return;
        }
        if self.attempt(thread, tape) {
            return self.take_gil(thread, tape);
        }
        self.block_on_object(thread, tape);
        self.leave_core(thread);
    }

    /// Tries to take what the thread waits for; its image gets its answer, unless it must go on waiting (false).
    pub(super) fn attempt(&mut self, thread: ThreadIndex, tape: &mut Tape) -> bool {
        let Some(wait) = self.thread(thread).wait else {
            return true;
        };
        let answer = if self.takes(thread, wait.object, tape) {
            Resume::Woken
        } else if wait.deadline_ns.is_some_and(|deadline| deadline <= self.now) {
            Resume::TimedOut
        } else if self.signal_is_due(thread) && self.signals_end(&wait) {
            interrupted(wait.call())
        } else {
            tape.count(self.pid, thread, Count::Failed);
            tape.count(self.pid, thread, Count::Call("futex_wait"));
            let entry = self.thread(thread);
            entry.in_vain += 1;
            entry.todo = Todo::TryTake;
            return false;
        };
        self.thread(thread).wait = None;
        self.image.resume(thread, answer);
        true
    }

    /// Takes the object if that is possible now.
    fn takes(&mut self, thread: ThreadIndex, object: ObjectIndex, tape: &mut Tape) -> bool {
        let taken = self.image.try_take(thread, object);
        if taken && self.image.owner(object) == Some(thread) {
            let object = ObjectId(object);
            tape.record(self.now, self.pid, thread, EventKind::LockAcquire { object }, None);
        }
        taken
    }

    /// The runner begins a call without the GIL, after its successor if a drop was requested.
    fn leave_gil(&mut self, thread: ThreadIndex, call: Call, tape: &mut Tape) {
        self.end_slice(thread, tape);
        if self.drop_gil(thread, DropWhy::Blocking, tape) {
            self.thread(thread).todo = Todo::Begin(call);
            self.set_state(thread, ThreadState::GilWait, None, tape);
            self.cancel_timer(thread);
            self.gil(thread).awaiting.push(thread);
            self.leave_core(thread);
        } else {
            self.begin_call(thread, call, tape);
        }
    }

    /// The thread, on its core and without the GIL, begins a call that takes a while.
    fn begin_call(&mut self, thread: ThreadIndex, call: Call, tape: &mut Tape) {
        let cost_ns = match &call {
            Call::Posix(posix) => self.posix_cost(posix),
            Call::Compute(cost_ns) => *cost_ns,
            Call::Yield | Call::Pass | Call::GilSleep => self.costs.syscall_ns,
        };
        let end_ns = self.now.saturating_add(cost_ns);
        let entry = self.thread(thread);
        let cause = entry.cause.take();
        entry.todo = Todo::End(call);
        entry.native_until_ns = end_ns;
        if let Some(core) = entry.core {
            self.set_state(thread, ThreadState::Native { core }, cause, tape);
        }
        self.work = self.work.saturating_add(cost_ns / 64);
        self.set_timer(thread, end_ns);
    }

    fn posix_cost(&self, call: &Posix) -> u64 {
        let costs = &self.costs;
        match call {
            Posix::Read { len, .. } => costs.read_write_ns + costs.copy_ns((*len).min(1 << 30) as usize),
            Posix::Write { fd: 1 | 2, data } => costs.terminal_ns + costs.copy_ns(data.len()),
            Posix::Write { data, .. } => costs.read_write_ns + costs.copy_ns(data.len()),
            Posix::Open { .. }
            | Posix::Stat { .. }
            | Posix::ReadDir { .. }
            | Posix::Mkdir { .. }
            | Posix::Rmdir { .. }
            | Posix::Unlink { .. }
            | Posix::Rename { .. }
            | Posix::Symlink { .. }
            | Posix::Readlink { .. }
            | Posix::Access { .. }
            | Posix::Chmod { .. }
            | Posix::Utime { .. }
            | Posix::Chdir { .. }
            | Posix::Space
            | Posix::Pipe => costs.path_ns,
            Posix::Fork => costs.fork_ns,
            Posix::Exec(_) => costs.exec_ns,
            Posix::Semaphore(Semaphore::Open { .. } | Semaphore::Unlink { .. }) => costs.path_ns,
            Posix::Memory(Memory::Copy { len, .. }) => costs.path_ns + costs.copy_ns((*len).min(1 << 30) as usize),
            Posix::Memory(_) => costs.path_ns,
            Posix::Poll { wanted, .. } => costs.syscall_ns + 20 * wanted.len() as u64,
            Posix::Receive { len, .. } | Posix::ReceiveRights { len, .. } => {
                costs.read_write_ns + costs.copy_ns((*len).min(1 << 16) as usize)
            }
            Posix::Send { data, .. } | Posix::SendRights { data, .. } => {
                costs.read_write_ns + costs.copy_ns(data.len())
            }
            Posix::Socket { .. }
            | Posix::SocketPair { .. }
            | Posix::Bind { .. }
            | Posix::Listen { .. }
            | Posix::Accept { .. }
            | Posix::Connect { .. }
            | Posix::Resolve { .. }
            | Posix::Shutdown { .. } => costs.path_ns,
            Posix::WaitPid { .. }
            | Posix::EpollCreate
            | Posix::EpollControl { .. }
            | Posix::EpollWait { .. }
            | Posix::Kill { .. }
            | Posix::SetGroup { .. }
            | Posix::Group { .. }
            | Posix::NewSession
            | Posix::Session { .. }
            | Posix::Flock { .. }
            | Posix::Lockf { .. }
            | Posix::FindLock { .. }
            | Posix::PipeSize { .. }
            | Posix::Semaphore(_)
            | Posix::CloseAll { .. }
            | Posix::Inheritable { .. }
            | Posix::Nonblocking { .. }
            | Posix::SocketName { .. }
            | Posix::SocketError { .. }
            | Posix::Available { .. }
            | Posix::FileFlags { .. }
            | Posix::Close { .. }
            | Posix::Lseek { .. }
            | Posix::Ftruncate { .. }
            | Posix::Fstat { .. }
            | Posix::Isatty { .. }
            | Posix::Dup { .. }
            | Posix::Dup2 { .. }
            | Posix::Getcwd => costs.syscall_ns,
        }
    }

    /// A call without the GIL is over: back into the interpreter.
    fn end_call(&mut self, thread: ThreadIndex, answer: Resume, tape: &mut Tape) {
        self.image.resume(thread, answer);
        self.take_gil(thread, tape);
    }

    /// What the hub says to the call of [`Why::SystemCall`].
    pub fn reply(&mut self, thread: ThreadIndex, reply: Reply, tape: &mut Tape) {
        match reply {
            Reply::Touched(answer, bytes) => {
                // Where the line is and who else wants it differs each time.
                let line_ns = self.draws.around(self.costs.shared_line_ns, 50);
                let cost_ns = line_ns + self.costs.copy_ns(bytes as usize);
                self.go_on(thread, answer, cost_ns);
            }
            Reply::Answer(answer) => self.end_call(thread, answer, tape),
            Reply::Block(reason, deadline_ns, call) => {
                if self.signal_is_due(thread) {
                    // It came before the thread slept.
                    self.expired.push(thread);
                    return self.end_call(thread, interrupted(SystemCall::Posix(call)), tape);
                }
                self.name_object(thread, reason, tape);
                self.set_state(thread, ThreadState::Blocked(reason), None, tape);
                self.thread(thread).kernel_call = Some(call);
                self.thread(thread).todo = Todo::TakeGil;
                self.set_deadline(thread, deadline_ns);
                self.leave_core(thread);
            }
        }
    }

    /// The hub has the answer for a thread that it had put to sleep.
    pub fn wake_from_kernel(&mut self, thread: ThreadIndex, answer: Resume, cause: Option<EventId>, tape: &mut Tape) {
        self.thread(thread).kernel_call = None;
        self.wake_with(thread, answer, cause, tape);
    }

    /// Tells the trace that a thread reads or writes shared memory; the first time also what that is called.
    pub fn record_touch(
        &mut self,
        thread: ThreadIndex,
        touched: Touched,
        name: impl FnOnce() -> String,
        tape: &mut Tape,
    ) {
        let Touched {
            object,
            at,
            size,
            writes,
        } = touched;
        if self.named.insert(object.0) {
            tape.object_named(self.now, self.pid, thread, object.0, (ObjectClass::Memory, &name()));
        }
        let kind = EventKind::Memory {
            object,
            at,
            size,
            writes,
        };
        tape.record(self.now, self.pid, thread, kind, None);
    }

    /// Tells the trace what a person calls the object, once.
    fn name_object(&mut self, thread: ThreadIndex, reason: BlockReason, tape: &mut Tape) {
        let Some(ObjectId(object)) = reason.object() else {
            return;
        };
        if self.named.insert(object) {
            let name = self.image.describe(object);
            tape.object_named(self.now, self.pid, thread, object, (class_of(reason), &name));
        }
    }
}

/// The answer to a call that a signal has ended.
pub(super) fn interrupted(call: SystemCall) -> Resume {
    Resume::Interrupted(Box::new(call))
}

/// What sort of object a thread waits for by this reason.
fn class_of(reason: BlockReason) -> ObjectClass {
    match reason {
        BlockReason::Lock { .. } => ObjectClass::Lock,
        BlockReason::RLock { .. } => ObjectClass::RLock,
        BlockReason::Condition { .. } => ObjectClass::Condition,
        BlockReason::Semaphore { .. } | BlockReason::SharedSemaphore { .. } => ObjectClass::Semaphore,
        BlockReason::Event { .. } => ObjectClass::Event,
        BlockReason::Barrier { .. } => ObjectClass::Barrier,
        BlockReason::QueueGet { .. } | BlockReason::QueuePut { .. } | BlockReason::QueueJoin { .. } => {
            ObjectClass::Queue
        }
        BlockReason::Future { .. } => ObjectClass::Future,
        BlockReason::ImportLock { .. } => ObjectClass::ImportLock,
        _ => ObjectClass::Other,
    }
}
