//! The order of sets: CPython's open addressing, entry by entry, so that a set of small ints is seen in the order a person knows.
//!
//! A scattered [`Dict`] keeps its entries in the slots of the table itself (no index). Probing, growth and the finger of `pop` are
//! those of CPython's `Objects/setobject.c`: nine neighbours are looked at before the next jump, removed entries stay as marks
//! until the table grows, which it does at three fifths.

use crate::dict::{Dict, Entry, Index};
use crate::value::Value;

/// Slots of the smallest table.
const MIN_SLOTS: usize = 8;
/// Neighbours looked at before a jump.
const LINEAR_PROBES: usize = 9;
/// How fast the upper bits of the hash come in.
const PERTURB_SHIFT: u32 = 5;
/// Past this many items a table doubles instead of quadrupling.
const MANY: usize = 50_000;

const EMPTY: Entry = Entry {
    hash: 0,
    key: Value::NULL,
    value: Value::NULL,
};
/// What a removed entry leaves: no end of a probe sequence.
const REMOVED: Entry = Entry {
    hash: -1,
    key: Value::NULL,
    value: Value::NULL,
};

/// The slots to look at for a hash, in order, without end.
fn probe(hash: i64, mask: usize) -> impl Iterator<Item = usize> {
    let mut perturb = hash as u64;
    let mut base = hash as usize & mask;
    let mut step = 0;
    std::iter::from_fn(move || {
        let near = if base + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
        if step > near {
            perturb >>= PERTURB_SHIFT;
            base = base.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
            step = 0;
        }
        step += 1;
        Some(base + step - 1)
    })
}

/// A slot that never held anything.
fn is_empty(entry: &Entry) -> bool {
    entry.key.is_null() && entry.hash == 0
}

impl Dict {
    /// An empty table in the order of sets.
    pub fn new_set() -> Dict {
        let mut table = Dict::new();
        table.index = Index::Scattered { finger: 0 };
        table.entries.resize(MIN_SLOTS, EMPTY);
        table
    }

    /// As [`Dict::find`].
    pub(crate) fn find_scattered<E>(
        &self,
        hash: i64,
        mut same: impl FnMut(Value) -> Result<bool, E>,
    ) -> Result<Option<usize>, E> {
        let Some(mask) = self.entries.len().checked_sub(1) else {
            return Ok(None);
        };
        for slot in probe(hash, mask) {
            let entry = &self.entries[slot];
            if is_empty(entry) {
                return Ok(None);
            }
            if !entry.key.is_null() && entry.hash == hash && same(entry.key)? {
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }

    fn place(&mut self, entry: Entry) -> usize {
        let mask = self.entries.len().saturating_sub(1);
        let slot = probe(entry.hash, mask)
            .find(|slot| is_empty(&self.entries[*slot]))
            .unwrap_or(0);
        self.entries[slot] = entry;
        self.fill += 1;
        slot
    }

    /// As [`Dict::insert_new`].
    pub(crate) fn insert_scattered(&mut self, hash: i64, key: Value, value: Value) -> usize {
        if self.entries.is_empty() {
            self.entries.resize(MIN_SLOTS, EMPTY);
        }
        let slot = self.place(Entry { hash, key, value });
        self.live += 1;
        if self.fill as usize * 5 < (self.entries.len() - 1) * 3 {
            return slot;
        }
        let live = self.len();
        self.resize_scattered(if live > MANY { live * 2 } else { live * 4 });
        let found = self.find_scattered(hash, |k| Ok::<_, std::convert::Infallible>(k == key));
        found.ok().flatten().unwrap_or(slot)
    }

    fn resize_scattered(&mut self, wanted: usize) {
        let mut slots = MIN_SLOTS;
        while slots <= wanted {
            slots *= 2;
        }
        let old = std::mem::replace(&mut self.entries, vec![EMPTY; slots]);
        self.fill = 0;
        for entry in old.into_iter().filter(|entry| !entry.key.is_null()) {
            self.place(entry);
        }
    }

    /// As [`Dict::remove`].
    pub(crate) fn remove_scattered(&mut self, slot: usize) -> Entry {
        self.live -= 1;
        std::mem::replace(&mut self.entries[slot], REMOVED)
    }

    /// Back to the smallest table.
    pub(crate) fn empty_scattered(&mut self) {
        self.entries.resize(MIN_SLOTS, EMPTY);
        self.fill = 0;
        self.index = Index::Scattered { finger: 0 };
    }

    /// Room for `n` more items that are about to be merged in.
    pub fn reserve_for_merge(&mut self, n: usize) {
        if self.is_scattered() && (self.fill as usize + n) * 5 >= self.entries.len().saturating_sub(1) * 3 {
            self.resize_scattered((self.len() + n) * 2);
        }
    }

    /// The table that CPython's `set.copy` makes. Counts are the caller's business.
    pub fn copy_scattered(&self) -> Dict {
        let mut copy = Dict::new_set();
        copy.reserve_for_merge(self.len());
        if copy.entries.len() == self.entries.len() && self.fill == self.live {
            copy.entries.clone_from(&self.entries);
            copy.fill = self.fill;
        } else {
            for entry in self.iter() {
                copy.place(*entry);
            }
        }
        copy.live = self.live;
        copy
    }

    /// The slot that `pop` empties, if any; the search goes on where the last one ended.
    pub fn slot_to_pop(&mut self) -> Option<usize> {
        let Index::Scattered { finger } = &mut self.index else {
            return None;
        };
        if self.live == 0 {
            return None;
        }
        let mask = self.entries.len().saturating_sub(1);
        let mut slot = *finger as usize & mask;
        while self.entries[slot].key.is_null() {
            slot = (slot + 1) & mask;
        }
        *finger = slot as u32 + 1;
        Some(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(numbers: &[i32]) -> Vec<i32> {
        let mut table = Dict::new_set();
        for &n in numbers {
            let hash = if n == -1 { -2 } else { i64::from(n) };
            table.insert_new(hash, Value::from_i32(n), Value::NULL);
        }
        table
            .iter()
            .filter_map(|e| e.key.as_small())
            .map(|n| n as i32)
            .collect()
    }

    #[test]
    fn orders_are_cpythons() {
        assert_eq!(order(&[3, 1, 2]), [1, 2, 3]);
        assert_eq!(order(&[10, 1, 9, 17, 8]), [1, 8, 9, 10, 17]);
        assert_eq!(order(&[8, 0, 16]), [8, 0, 16]);
        assert_eq!(order(&[100, 5, 64, 33, 2]), [64, 33, 2, 100, 5]);
        assert_eq!(order(&[-1, 7, -5]), [-5, -1, 7]);
    }

    #[test]
    fn what_is_removed_is_gone_and_the_rest_is_found() {
        let mut table = Dict::new_set();
        for n in 0..1000_i64 {
            table.insert_new(n % 50, Value::from_i32(n as i32), Value::NULL);
        }
        for n in (0..1000_i64).step_by(3) {
            let key = Value::from_i32(n as i32);
            let at = table
                .find::<()>(n % 50, |k| Ok(k == key))
                .ok()
                .flatten()
                .expect("present");
            table.remove(at);
        }
        assert_eq!(table.len(), table.iter().count());
        for n in 0..1000_i64 {
            let key = Value::from_i32(n as i32);
            let found = table.find::<()>(n % 50, |k| Ok(k == key)).ok().flatten();
            assert_eq!(found.is_some(), n % 3 != 0);
        }
        let copy = table.copy_scattered();
        assert_eq!((copy.len(), copy.iter().count()), (table.len(), table.len()));
        let mut popped = 0;
        while let Some(at) = table.slot_to_pop() {
            table.remove(at);
            popped += 1;
        }
        assert_eq!((popped, table.len()), (copy.len(), 0));
    }
}
