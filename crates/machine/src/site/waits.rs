//! Queues of threads that wait for an object of their process, in order of arrival.

use heddle_vm::contract::{ObjectIndex, ThreadIndex};
use rustc_hash::FxHashMap;

/// All wait queues of a process. Emptied queues keep their memory for the next wait on the same object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waits {
    queues: FxHashMap<ObjectIndex, Vec<ThreadIndex>>,
}

impl Waits {
    /// Puts a thread at the end of the object's queue.
    pub fn enter(&mut self, object: ObjectIndex, thread: ThreadIndex) {
        // Objects come and go (a condition makes a lock per wait): forget the empty queues now and then.
        if self.queues.len() > 4096 {
            self.queues.retain(|_, queue| !queue.is_empty());
        }
        self.queues.entry(object).or_default().push(thread);
    }

    /// Takes a thread out of the object's queue.
    pub fn leave(&mut self, object: ObjectIndex, thread: ThreadIndex) {
        if let Some(queue) = self.queues.get_mut(&object) {
            queue.retain(|&waiter| waiter != thread);
        }
    }

    /// Who waits for the object, longest first.
    pub fn of(&self, object: ObjectIndex) -> &[ThreadIndex] {
        self.queues.get(&object).map_or(&[], Vec::as_slice)
    }
}
