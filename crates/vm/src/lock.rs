//! What threads wait for: the payloads of `_thread.lock`, `_thread.RLock` and thread handles, and how threads are started.
//!
//! The classes and their methods are written in `stdlib` (`_thread`); the image itself must know the payloads, because the computer
//! hands a lock to a woken thread with [`Image::try_take`](crate::contract::Image::try_take) and asks who holds it.

use crate::contract::ThreadIndex;
use crate::process::Process;
use crate::value::Value;

/// `_thread.lock`.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// Is it held?
    pub locked: bool,
    /// Who took it, while it is held.
    pub owner: Option<ThreadIndex>,
    /// Taking and releasing it is not worth an event: it is importlib's.
    pub quiet: bool,
    /// When it was released last, ns: without a GIL, the clock of the core that takes it may not be there yet.
    pub freed_ns: u64,
}

/// `_thread.RLock`.
#[derive(Clone, Debug, Default)]
pub struct RLock {
    /// Who holds it.
    pub owner: Option<ThreadIndex>,
    /// How often.
    pub count: u32,
    /// As of a [`Lock`].
    pub quiet: bool,
    /// As of a [`Lock`].
    pub freed_ns: u64,
}

/// `_thread._ThreadHandle`.
#[derive(Clone, Debug, Default)]
pub struct ThreadHandle {
    /// The thread, once started.
    pub thread: Option<ThreadIndex>,
    /// `ident`; 0 before the start.
    pub ident: u64,
    /// The thread has ended (or `_set_done` was called).
    pub done: bool,
}

crate::impl_payload!(Lock);
crate::impl_payload!(RLock);
crate::impl_payload!(ThreadHandle);

impl Process {
    /// The thread takes the object if that is possible now. A handle is "taken" when its thread is done.
    pub fn take_waitable(&mut self, thread: ThreadIndex, object: Value) -> bool {
        if let Some(lock) = self.heap.payload_mut::<Lock>(object) {
            if lock.locked {
                return false;
            }
            lock.locked = true;
            lock.owner = Some(thread);
            return true;
        }
        if let Some(lock) = self.heap.payload_mut::<RLock>(object) {
            if lock.owner.is_some_and(|owner| owner != thread) {
                return false;
            }
            lock.owner = Some(thread);
            lock.count += 1;
            return true;
        }
        self.heap
            .payload::<ThreadHandle>(object)
            .is_none_or(|handle| handle.done)
    }

    /// After a fork in another thread than the main one, the two have changed numbers: locks and handles of both say so.
    pub(crate) fn renumber_owners(&mut self, forker: ThreadIndex) {
        let swap = |owner: &mut Option<ThreadIndex>| match *owner {
            Some(0) => *owner = Some(forker),
            Some(thread) if thread == forker => *owner = Some(0),
            _ => {}
        };
        self.repr_guard.retain(|(thread, _)| *thread == forker);
        self.repr_guard.iter_mut().for_each(|(thread, _)| *thread = 0);
        for handle in 0..self.heap.slot_count() as u32 {
            let object = Value::from_handle(handle);
            if let Some(lock) = self.heap.payload_mut::<Lock>(object) {
                swap(&mut lock.owner);
            } else if let Some(lock) = self.heap.payload_mut::<RLock>(object) {
                swap(&mut lock.owner);
            } else if let Some(handle) = self.heap.payload_mut::<ThreadHandle>(object) {
                swap(&mut handle.thread);
            }
        }
    }

    /// After a fork: nobody can wait for any thread but the main one.
    pub(crate) fn end_handles_of_others(&mut self) {
        for handle in 0..self.heap.slot_count() as u32 {
            if let Some(handle) = self.heap.payload_mut::<ThreadHandle>(Value::from_handle(handle)) {
                handle.done |= handle.thread.is_some_and(|thread| thread != 0);
            }
        }
    }

    /// When the lock was released last, ns.
    #[must_use]
    pub fn freed_ns(&self, object: Value) -> u64 {
        match self.heap.payload::<Lock>(object) {
            Some(lock) => lock.freed_ns,
            None => self.heap.payload::<RLock>(object).map_or(0, |lock| lock.freed_ns),
        }
    }

    /// Is the lock one whose comings and goings are not told?
    #[must_use]
    pub fn is_quiet(&self, object: Value) -> bool {
        match self.heap.payload::<Lock>(object) {
            Some(lock) => lock.quiet,
            None => self.heap.payload::<RLock>(object).is_some_and(|lock| lock.quiet),
        }
    }

    /// Who holds a lock.
    pub fn lock_owner(&self, object: Value) -> Option<ThreadIndex> {
        match self.heap.payload::<Lock>(object) {
            Some(lock) if lock.locked => lock.owner,
            Some(_) => None,
            None => self.heap.payload::<RLock>(object)?.owner,
        }
    }
}

impl Lock {
    /// It is free again, at this moment.
    pub fn free(&mut self, now_ns: u64) {
        self.freed_ns = now_ns;
        self.locked = false;
        self.owner = None;
    }
}

impl RLock {
    /// It is free again, at this moment.
    pub fn free(&mut self, now_ns: u64) {
        self.freed_ns = now_ns;
        self.owner = None;
        self.count = 0;
    }
}
