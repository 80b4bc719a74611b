//! In which interpreter of its process a thread is, and which GIL it therefore needs.

use heddle_trace::{GilId, Nanos, ThreadKey};
use std::collections::BTreeMap;

/// A thread in an interpreter, until its next stay.
#[derive(Clone, Copy, Debug)]
struct Stay {
    from: Nanos,
    interpreter: u32,
    gil: GilId,
}

/// All threads that were ever elsewhere than in the main interpreter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    stays: BTreeMap<ThreadKey, Vec<Stay>>,
}

impl Places {
    /// The thread goes on in this interpreter.
    pub fn enter(&mut self, key: ThreadKey, from: Nanos, interpreter: u32, gil: GilId) {
        self.stays.entry(key).or_default().push(Stay { from, interpreter, gil });
    }

    /// A thread begins where its maker is.
    pub fn born(&mut self, key: ThreadKey, by: ThreadKey) {
        if let Some(stay) = self.stays.get(&by).and_then(|stays| stays.last()).copied()
            && stay.interpreter != 0
        {
            self.stays.insert(key, vec![stay]);
        }
    }

    /// Which GIL it needs at that moment.
    pub fn gil(&self, key: ThreadKey, at: Nanos) -> GilId {
        let stays = self.stays.get(&key).map_or(&[][..], Vec::as_slice);
        let before = stays.partition_point(|stay| stay.from <= at);
        before
            .checked_sub(1)
            .and_then(|last| stays.get(last))
            .map_or(GilId(0), |stay| stay.gil)
    }

    /// Which GIL it needed in an interpreter.
    pub fn gil_in(&self, key: ThreadKey, interpreter: u32) -> Option<GilId> {
        let stays = self.stays.get(&key)?;
        stays
            .iter()
            .find(|stay| stay.interpreter == interpreter)
            .map(|stay| stay.gil)
    }

    /// The interpreters beside the main one that it has been in, in order.
    pub fn visited(&self, key: ThreadKey) -> Vec<u32> {
        let mut visited: Vec<u32> = self
            .stays
            .get(&key)
            .into_iter()
            .flatten()
            .map(|stay| stay.interpreter)
            .filter(|&interpreter| interpreter != 0)
            .collect();
        visited.sort_unstable();
        visited.dedup();
        visited
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heddle_trace::{ProcessId, ThreadId};

    fn key(thread: u32) -> ThreadKey {
        ThreadKey {
            process: ProcessId(1),
            thread: ThreadId(thread),
        }
    }

    #[test]
    fn a_thread_needs_the_gil_of_where_it_is() {
        let mut places = Places::default();
        places.enter(key(1), 100, 2, GilId(2));
        places.born(key(2), key(1));
        places.enter(key(1), 200, 0, GilId(0));
        places.born(key(3), key(1));
        places.enter(key(1), 300, 5, GilId(0));
        let gils = [50, 100, 199, 200, 300].map(|at| places.gil(key(1), at).0);
        assert_eq!(gils, [0, 2, 2, 0, 0]);
        assert_eq!((places.gil(key(2), 400), places.gil(key(3), 400)), (GilId(2), GilId(0)));
        assert_eq!(places.visited(key(1)), [2, 5]);
        assert_eq!(places.visited(key(2)), [2]);
        assert_eq!(places.visited(key(3)), [0; 0]);
    }
}
