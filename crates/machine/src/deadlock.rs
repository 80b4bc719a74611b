//! The report of a deadlock: every thread, what it waits for, who holds that, and where it stands.

use crate::site::Site;
use heddle_trace::{BlockReason, ThreadState};
use heddle_vm::contract::{Image, Place, ThreadIndex};
use serde::{Deserialize, Serialize};

/// Nothing can ever happen again.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadlockReport {
    /// All threads that have not ended, main first.
    pub threads: Vec<BlockedThread>,
}

/// One of its threads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockedThread {
    /// Its number.
    pub thread: ThreadIndex,
    /// Its Python-level name.
    pub name: String,
    /// The pid of its process, where there are several.
    pub pid: Option<u32>,
    /// The computer it runs on, where there are several; else empty.
    pub computer: String,
    /// Whether it is a daemon thread.
    pub daemon: bool,
    /// Why it is blocked; `None` if it is not (which a deadlock excludes unless its process is stopped).
    pub reason: Option<BlockReason>,
    /// What it waits for, in words ("lock `a`").
    pub waits_for: String,
    /// Who holds that: number and name.
    pub held_by: Option<(ThreadIndex, String)>,
    /// Its stack, innermost first.
    pub stack: Vec<Place>,
}

impl BlockedThread {
    /// Everything but the stack, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let held = match &self.held_by {
            Some((thread, _)) if *thread == self.thread => ", which it holds itself".to_owned(),
            Some((_, name)) => format!(", held by {name}"),
            None => String::new(),
        };
        let of = self.pid.map(|pid| format!(" of process {pid}")).unwrap_or_default();
        let on = if self.computer.is_empty() { "" } else { " on " };
        format!(
            "{}{of}{on}{} waits for {}{held}",
            self.name, self.computer, self.waits_for
        )
    }
}

/// Describes all living threads of a site.
pub(crate) fn report<I: Image>(site: &Site<I>, pid: Option<u32>, computer: &str) -> DeadlockReport {
    let blocked = |(thread, entry): (ThreadIndex, &crate::site::Thread)| {
        let reason = match entry.state {
            ThreadState::Blocked(reason) => Some(reason),
            _ => None,
        };
        let name_of = |thread| site.image.thread_name(thread);
        // Other waits are built from a lock too, but who holds that one says nothing.
        let is_lock = reason.is_some_and(|reason| {
            matches!(
                reason,
                BlockReason::Lock { .. } | BlockReason::RLock { .. } | BlockReason::ImportLock { .. }
            )
        });
        let holder = entry
            .wait
            .filter(|_| is_lock)
            .and_then(|wait| site.image.owner(wait.object));
        BlockedThread {
            thread,
            name: name_of(thread),
            pid,
            computer: computer.to_owned(),
            daemon: entry.daemon,
            reason,
            waits_for: match reason {
                Some(reason) => in_words(&site.image, reason),
                None if site.is_stopped() => "SIGCONT, since its process is stopped".to_owned(),
                None => "nothing".to_owned(),
            },
            held_by: holder.map(|holder| (holder, name_of(holder))),
            stack: site.image.stack(thread),
        }
    };
    DeadlockReport {
        threads: site.living().map(blocked).collect(),
    }
}

/// What a reason means to a person.
pub(crate) fn in_words<I: Image>(image: &I, reason: BlockReason) -> String {
    use BlockReason as R;
    let named = |class: &str| {
        let name = reason
            .object()
            .map(|object| image.describe(object.0))
            .unwrap_or_default();
        if name.is_empty() {
            class.to_owned()
        } else {
            format!("{class} `{name}`")
        }
    };
    match reason {
        R::Lock { .. } => named("lock"),
        R::RLock { .. } => named("RLock"),
        R::Condition { .. } => format!("a notification of {}", named("condition")),
        R::Semaphore { .. } | R::SharedSemaphore { .. } => named("semaphore"),
        R::Event { .. } => named("event"),
        R::Barrier { .. } => named("barrier"),
        R::QueueGet { .. } => format!("an item of {}", named("queue")),
        R::QueuePut { .. } => format!("room in {}", named("queue")),
        R::QueueJoin { .. } => format!("all tasks of {} to be done", named("queue")),
        R::Join { thread } => format!("thread {} to end", image.thread_name(thread.0)),
        R::ThreadStart { thread } => format!("thread {} to start", image.thread_name(thread.0)),
        R::Future { .. } => named("future"),
        R::Sleep { .. } => "a moment".to_owned(),
        R::Read { fd } => format!("something to read from descriptor {fd}"),
        R::Write { fd } => format!("room to write to descriptor {fd}"),
        R::Accept { fd } => format!("a connection to descriptor {fd}"),
        R::Connect { fd } => format!("a connection of descriptor {fd}"),
        R::FileLock { fd } => format!("the lock of the file behind descriptor {fd}"),
        R::Select => "any of several descriptors".to_owned(),
        R::WaitPid { .. } => "a child process".to_owned(),
        R::Signal => "a signal".to_owned(),
        R::ImportLock { .. } => named("import lock"),
        R::Shutdown => "the end of the process".to_owned(),
    }
}
