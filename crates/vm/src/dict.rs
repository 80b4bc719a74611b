//! The hash table behind `dict`, `set` and namespaces: insertion-ordered entries and an index of open addressing.
//!
//! It knows no Python equality: callers bring the hash and a closure that says whether a stored key (of the same hash) is the one
//! sought. For strings `Heap`-level helpers in `dict_access` do that; keys with Python `__eq__` go through the replay protocol of `native`.

use crate::value::Value;
use std::cell::Cell;

const EMPTY: u32 = 0;
const DELETED: u32 = u32::MAX;

thread_local! {
    // Only has to be unique per key-set; its value never reaches a result.
    static NEXT_VERSION: Cell<u64> = const { Cell::new(1) };
}

fn fresh_version() -> u64 {
    NEXT_VERSION.with(|n| {
        n.set(n.get() + 1);
        n.get()
    })
}

/// One key and its value; a removed entry has a NULL key until the next compaction.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub hash: i64,
    pub key: Value,
    pub value: Value,
}

/// Where a key's entry is.
#[derive(Clone, Debug)]
pub(crate) enum Index {
    /// Entry number + 1, [`EMPTY`] or [`DELETED`]; length a power of two or 0.
    Table(Box<[u32]>),
    /// In its own slot, in the order of sets (module `scatter`), and where the search of the next `pop` begins.
    Scattered { finger: u32 },
}

impl Default for Index {
    fn default() -> Index {
        Index::Table(Box::default())
    }
}

/// An ordered hash table. Counts of keys and values are the caller's business. 56 bytes: programs have many small ones.
#[derive(Clone, Debug, Default)]
pub struct Dict {
    /// In order of insertion; of a set, the slots of its table.
    pub(crate) entries: Vec<Entry>,
    pub(crate) index: Index,
    pub(crate) live: u32,
    /// Slots in use, removed ones included.
    pub(crate) fill: u32,
    /// Changes whenever a key is added or removed; unique over all dicts, so equal versions mean the same keys in the same places.
    version: u64,
}

impl Dict {
    /// An empty table.
    pub fn new() -> Dict {
        Dict {
            version: fresh_version(),
            ..Dict::default()
        }
    }

    pub(crate) fn is_scattered(&self) -> bool {
        matches!(self.index, Index::Scattered { .. })
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.live as usize
    }

    /// No keys?
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// See the field.
    #[inline(always)]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// All entries in order of insertion, removed ones (NULL key) included: positions are stable between changes of keys.
    #[inline(always)]
    pub fn raw_entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The live entries in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|e| !e.key.is_null())
    }

    /// Calls `f` with every key and value.
    pub fn children<F: FnMut(Value) + ?Sized>(&self, f: &mut F) {
        for e in self.iter() {
            f(e.key);
            f(e.value);
        }
    }

    #[inline]
    fn slot_of(hash: i64, mask: usize) -> usize {
        (hash as u64 ^ (hash as u64 >> 32))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_right(32) as usize
            & mask
    }

    /// Number of the entry with this hash for which `same(key)` holds. `same` may fail (a comparison that runs Python code).
    #[inline]
    pub fn find<E>(&self, hash: i64, mut same: impl FnMut(Value) -> Result<bool, E>) -> Result<Option<usize>, E> {
        let Index::Table(index) = &self.index else {
            return self.find_scattered(hash, same);
        };
        let Some(mask) = index.len().checked_sub(1) else {
            return Ok(None);
        };
        let mut slot = Self::slot_of(hash, mask);
        loop {
            match index[slot] {
                EMPTY => return Ok(None),
                DELETED => {}
                n => {
                    let entry = &self.entries[n as usize - 1];
                    if entry.hash == hash && same(entry.key)? {
                        return Ok(Some(n as usize - 1));
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The entry of that number.
    #[inline(always)]
    pub fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number)
    }

    /// Replaces the value of an entry and returns the old one.
    #[inline]
    pub fn set_value(&mut self, number: usize, value: Value) -> Value {
        std::mem::replace(&mut self.entries[number].value, value)
    }

    /// Adds a key known to be absent; returns its entry number.
    pub fn insert_new(&mut self, hash: i64, key: Value, value: Value) -> usize {
        if !self.has_room((self.fill + 1) as usize) {
            self.rebuild((self.live + 1) as usize * 2);
        }
        let Index::Table(index) = &mut self.index else {
            self.version = fresh_version();
            return self.insert_scattered(hash, key, value);
        };
        let mask = index.len() - 1;
        let mut slot = Self::slot_of(hash, mask);
        while index[slot] != EMPTY && index[slot] != DELETED {
            slot = (slot + 1) & mask;
        }
        // Slots of removed keys count as used: a search ends only at one that never was.
        self.fill += u32::from(index[slot] == EMPTY);
        self.entries.push(Entry { hash, key, value });
        index[slot] = self.entries.len() as u32;
        self.live += 1;
        self.version = fresh_version();
        self.entries.len() - 1
    }

    /// Removes an entry and returns it.
    pub fn remove(&mut self, number: usize) -> Entry {
        let Index::Table(index) = &mut self.index else {
            self.version = fresh_version();
            return self.remove_scattered(number);
        };
        let entry = self.entries[number];
        let mask = index.len() - 1;
        let mut slot = Self::slot_of(entry.hash, mask);
        while index[slot] != number as u32 + 1 {
            slot = (slot + 1) & mask;
        }
        index[slot] = DELETED;
        self.live -= 1;
        self.version = fresh_version();
        // The place stays, so that iterators notice what comes behind it.
        self.entries[number] = Entry {
            hash: 0,
            key: Value::NULL,
            value: Value::NULL,
        };
        entry
    }

    /// Forgets removed entries at the end, so that `popitem` in a loop stays linear. Their index slots read DELETED already.
    pub fn drop_trailing(&mut self) {
        while !self.is_scattered() && self.entries.last().is_some_and(|e| e.key.is_null()) {
            self.entries.pop();
        }
    }

    /// Empties the table and returns what it held.
    pub fn take_all(&mut self) -> Vec<Entry> {
        self.live = 0;
        self.fill = 0;
        self.version = fresh_version();
        let mut old = std::mem::take(&mut self.entries);
        old.retain(|e| !e.key.is_null());
        if self.is_scattered() {
            self.empty_scattered();
        } else {
            self.index = Index::default();
        }
        old
    }

    /// Room for `n` keys in all.
    pub fn reserve(&mut self, n: usize) {
        if !self.has_room(n) {
            self.rebuild(n);
        }
    }

    /// Whether so many slots may be in use; of a set, which sees to itself, always.
    #[inline]
    fn has_room(&self, slots: usize) -> bool {
        match &self.index {
            Index::Table(index) => slots * 3 <= index.len() * 2,
            Index::Scattered { .. } => true,
        }
    }

    fn rebuild(&mut self, want: usize) {
        let size = (want * 3 / 2 + 1).next_power_of_two().max(8);
        self.entries.retain(|e| !e.key.is_null());
        self.fill = self.live;
        let mut index = vec![EMPTY; size].into_boxed_slice();
        let mask = size - 1;
        for (n, e) in self.entries.iter().enumerate() {
            let mut slot = Self::slot_of(e.hash, mask);
            while index[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            index[slot] = n as u32 + 1;
        }
        self.index = Index::Table(index);
        self.version = fresh_version();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_nothing_after_many_removals() {
        let mut d = Dict::new();
        for n in 0..10_000 {
            let key = Value::from_i32(n);
            let at = d.insert_new(i64::from(n), key, Value::NONE);
            d.remove(at);
            assert_eq!(d.find::<()>(-1, |_| Ok(true)), Ok(None));
        }
    }

    #[test]
    fn keeps_order_through_removals() {
        let mut d = Dict::new();
        for n in 0..1000 {
            d.insert_new(n % 7, Value::from_i32(n as i32), Value::NONE);
        }
        for n in (0..1000).step_by(3) {
            let key = Value::from_i32(n as i32);
            let at = d.find::<()>(n % 7, |k| Ok(k == key)).ok().flatten().expect("present");
            d.remove(at);
        }
        let left: Vec<_> = d.iter().filter_map(|e| e.key.as_small()).collect();
        let expected: Vec<_> = (0..1000).filter(|n| n % 3 != 0).collect();
        assert_eq!(left, expected);
        assert_eq!(d.len(), expected.len());
    }
}
