//! The cycle collector: trial deletion (Christopher 1984; as CPython's `gc`). Counts that are explained by references from other objects
//! of the set that is looked at are taken away; what keeps a count is reachable from outside, and so is all that it reaches. The rest is
//! garbage.
//!
//! Collection starts by itself as in CPython 3.14: when more than `threshold0` containers have been made than have died since the last
//! time, the new ones are looked at. What survives is old. CPython 3.14 looks at the old ones bit by bit; here all are looked at after
//! `threshold1` collections of the young, if the old have doubled, so that their number costs no more than making them did. What is
//! found is a matter of the program alone, and the time that it takes is charged by the object.

use crate::heap::{Heap, flags};
use crate::object::Obj;
use crate::value::Value;

/// Virtual time for each object that a collection looks at, ns.
pub const COLLECT_OBJECT_NS: u64 = 12;

/// Counts of one generation, for `gc.get_stats`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stats {
    /// Collections.
    pub collections: u64,
    /// Unreachable objects found.
    pub collected: u64,
}

/// The collector's settings and its view of the objects.
#[derive(Clone, Debug)]
pub struct Collector {
    /// `gc.isenabled()`
    pub enabled: bool,
    /// `gc.get_threshold()`
    pub thresholds: [u32; 3],
    /// `gc.set_debug`
    pub debug: i64,
    /// By generation.
    pub stats: [Stats; 3],
    /// A collection is under way.
    pub running: bool,
    /// Containers made since the last collection, less those that died.
    pub(crate) young_count: u32,
    /// The number above which a collection is due.
    pub(crate) due_at: u32,
    /// Slots of containers made since the last collection, in order; some may have died, or come again.
    pub(crate) young: Vec<u32>,
    /// Collections of the young since the last one of all.
    pub young_collections: u32,
    /// Containers that have become old since the last collection of all, and how many there were then.
    grown: usize,
    old: usize,
    /// Scratch space by slot; all zero between collections.
    marks: Vec<u32>,
}

impl Default for Collector {
    fn default() -> Collector {
        let thresholds = [2000, 10, 0];
        Collector {
            enabled: true,
            thresholds,
            debug: 0,
            stats: [Stats::default(); 3],
            running: false,
            young_count: 0,
            due_at: thresholds[0],
            young: Vec::new(),
            young_collections: 0,
            grown: 0,
            old: 0,
            marks: Vec::new(),
        }
    }
}

impl Collector {
    /// Settings have changed, or a collection begins or ends.
    pub fn set_due(&mut self) {
        let on = self.enabled && self.thresholds[0] > 0 && !self.running;
        self.due_at = if on { self.thresholds[0] } else { u32::MAX };
    }

    /// Notes a new container.
    #[inline]
    pub(crate) fn born(&mut self, index: u32) {
        self.young_count += 1;
        self.young.push(index);
    }
}

impl Heap {
    /// Is a collection due?
    pub fn collection_due(&self) -> bool {
        self.collector.young_count > self.collector.due_at
    }

    /// `gc.get_count()`
    pub fn collector_counts(&self) -> [u32; 3] {
        [self.collector.young_count, self.collector.young_collections, 0]
    }

    /// What is due: 0 the young, 2 everything.
    pub fn generation_due(&self) -> usize {
        let c = &self.collector;
        let full = c.thresholds[1] > 0 && c.young_collections >= c.thresholds[1] && c.grown > c.old;
        if full { 2 } else { 0 }
    }

    /// Live containers among the young, oldest first, each once; the list is put in order on the way.
    fn young_set(&mut self) -> Vec<u32> {
        let mut young = std::mem::take(&mut self.collector.young);
        self.widen_marks();
        let mut kept: Vec<u32> = Vec::with_capacity(young.len());
        // Of a slot that was used again, the last entry counts.
        while let Some(i) = young.pop() {
            if self.collector.marks[i as usize] == 0 && self.is_candidate(i as usize) {
                self.collector.marks[i as usize] = 1;
                kept.push(i);
            }
        }
        for &i in &kept {
            self.collector.marks[i as usize] = 0;
        }
        kept.reverse();
        kept
    }

    /// Throws out of the list of young containers those that have died, when it has become long.
    #[cold]
    #[inline(never)]
    pub(crate) fn tidy_young(&mut self) {
        self.collector.young = self.young_set();
    }

    /// All live containers: the old ones by slot, then the young ones, which are given.
    fn old_and(&mut self, young: Vec<u32>) -> Vec<u32> {
        self.widen_marks();
        for &i in &young {
            self.collector.marks[i as usize] = 1;
        }
        let mut all: Vec<u32> = (1..self.slot_count())
            .filter(|&i| self.collector.marks[i] == 0 && self.is_candidate(i))
            .map(|i| i as u32)
            .collect();
        for &i in &young {
            self.collector.marks[i as usize] = 0;
        }
        all.extend(young);
        all
    }

    fn widen_marks(&mut self) {
        if self.collector.marks.len() < self.slot_count() {
            let n = self.slot_count();
            self.collector.marks.resize(n, 0);
        }
    }

    /// Finds what is unreachable among the young (generation 0) or all containers, in the order in which they were made as far as that is
    /// known. Survivors become old. Also tells how many objects were looked at.
    pub fn find_unreachable(&mut self, generation: usize) -> (Vec<Value>, usize) {
        let young = self.young_set();
        let set: Vec<u32> = if generation == 0 { young } else { self.old_and(young) };
        let looked_at = set.len();
        let garbage = self.unreachable(&set);
        let c = &mut self.collector;
        let survivors = looked_at - garbage.len();
        if generation == 0 {
            c.young_collections += 1;
            c.grown += survivors;
        } else {
            c.young_collections = 0;
            c.grown = 0;
            c.old = survivors;
        }
        c.young_count = 0;
        (garbage, looked_at)
    }

    /// Does anything alive wait for its finalizer, or for a call when it dies?
    pub fn has_finalizers(&self) -> bool {
        const WANTED: u32 = flags::HAS_FINALIZER | flags::HAS_WEAKREFS;
        (1..self.slot_count()).any(|i| {
            let header = self.header(Value::from_handle(i as u32));
            header.count > 0 && header.flags & WANTED != 0 && header.flags & flags::FINALIZED == 0
        })
    }

    /// Garbage in the order in which it is reached from one of its objects, breadth first; what is not reached comes last.
    pub fn in_order_of_reach(&self, garbage: Vec<Value>, first: Option<Value>) -> Vec<Value> {
        let mut left: rustc_hash::FxHashSet<usize> = garbage.iter().map(|v| v.index()).collect();
        let mut order: Vec<usize> = first
            .filter(|v| left.remove(&v.index()))
            .map(|v| v.index())
            .into_iter()
            .collect();
        let mut at = 0;
        while let Some(&i) = order.get(at) {
            self.each_child(i, |child| {
                if left.remove(&child) {
                    order.push(child);
                }
            });
            at += 1;
        }
        order.extend(garbage.iter().map(|v| v.index()).filter(|i| left.contains(i)));
        order.into_iter().map(|i| Value::from_handle(i as u32)).collect()
    }

    /// The members of a set that nothing outside of it reaches.
    fn unreachable(&mut self, set: &[u32]) -> Vec<Value> {
        self.widen_marks();
        let mut marks = std::mem::take(&mut self.collector.marks);
        // In the set: references from outside, plus 1. Not in it, or reached: 0.
        for &i in set {
            marks[i as usize] = self.header(Value::from_handle(i)).count + 1;
        }
        for &i in set {
            self.each_child(i as usize, |child| {
                if marks[child] > 1 {
                    marks[child] -= 1;
                }
            });
        }
        let mut work = Vec::new();
        for &i in set {
            if marks[i as usize] > 1 {
                marks[i as usize] = 0;
                work.push(i as usize);
            }
            while let Some(i) = work.pop() {
                self.each_child(i, |child| {
                    if marks[child] != 0 {
                        marks[child] = 0;
                        work.push(child);
                    }
                });
            }
        }
        let garbage = set
            .iter()
            .copied()
            .filter(|&i| marks[i as usize] != 0)
            .collect::<Vec<u32>>();
        for &i in set {
            marks[i as usize] = 0;
        }
        self.collector.marks = marks;
        garbage.into_iter().map(Value::from_handle).collect()
    }

    /// Which of these are still unreachable after finalizers have run; each has one count more than its objects explain (the list that
    /// the caller keeps).
    pub fn still_unreachable(&mut self, garbage: &[Value]) -> Vec<Value> {
        let set: Vec<u32> = garbage.iter().filter_map(|v| v.handle()).collect();
        for &v in garbage {
            self.header_mut(v).count -= 1;
        }
        let found = self.unreachable(&set);
        for &v in garbage {
            self.header_mut(v).count += 1;
        }
        // Survivors are old now.
        self.collector.grown += set.len() - found.len();
        found
    }

    /// Takes everything out of the objects, so that they let go of each other.
    pub fn empty_all(&mut self, garbage: &[Value]) {
        for &v in garbage {
            self.empty(v);
        }
    }

    /// Objects that hold one of these values.
    pub fn referrers(&self, of: &[Value]) -> Vec<Value> {
        let holds = |i: &usize| {
            let mut found = false;
            self.get(Value::from_handle(*i as u32))
                .children(&mut |child| found |= !child.is_null() && of.contains(&child));
            found
                || self
                    .side_dict(Value::from_handle(*i as u32))
                    .is_some_and(|d| of.contains(&d))
        };
        (1..self.slot_count())
            .filter(holds)
            .map(|i| Value::from_handle(i as u32))
            .collect()
    }

    /// All containers that are alive: only the young ones (generation 0), only the others (1), or all.
    pub fn containers(&mut self, generation: Option<usize>) -> Vec<Value> {
        let young = self.young_set();
        self.collector.young.clone_from(&young);
        let list = match generation {
            Some(0) => young,
            Some(_) => {
                let n = young.len();
                let mut all = self.old_and(young);
                all.truncate(all.len() - n);
                all
            }
            None => self.old_and(young),
        };
        list.into_iter().map(Value::from_handle).collect()
    }

    /// Moves all containers out of the collector's sight, or back.
    pub fn freeze(&mut self, on: bool) {
        for i in 1..self.slot_count() {
            let v = Value::from_handle(i as u32);
            let header = self.header_mut(v);
            if on {
                header.flags |= flags::FROZEN;
            } else {
                header.flags &= !flags::FROZEN;
            }
        }
        if on {
            self.collector.young.clear();
            self.collector.young_count = 0;
        }
    }

    /// How many containers are out of its sight.
    pub fn frozen(&self) -> usize {
        let frozen = |&i: &usize| {
            let v = Value::from_handle(i as u32);
            self.header(v).flags & flags::FROZEN != 0 && self.get(v).is_container()
        };
        (1..self.slot_count()).filter(frozen).count()
    }

    /// Can it be part of a cycle that the collector may take apart?
    fn is_candidate(&self, i: usize) -> bool {
        let v = Value::from_handle(i as u32);
        let header = self.header(v);
        header.count > 0 && header.flags & (flags::FROZEN | flags::IMMORTAL) == 0 && self.get(v).is_container()
    }

    /// Calls `f` with the index of everything a slot holds a count of: its values, its class and its side dict.
    fn each_child(&self, i: usize, mut f: impl FnMut(usize)) {
        let v = Value::from_handle(i as u32);
        if matches!(self.get(v), Obj::Free(_)) {
            return;
        }
        self.get(v).children(&mut |child| {
            if child.is_heap() {
                f(child.index());
            }
        });
        if let Some(dict) = self.side_dict(v) {
            f(dict.index());
        }
        if self.counts_class(v) {
            f(self.header(v).class as usize);
        }
    }

    /// Takes everything out of an object; its count falls as others of the cycle let go of it.
    fn empty(&mut self, v: Value) {
        let new = Obj::Cell(Value::NULL);
        let less = crate::heap::model_size(self.get(v)) as i64 - crate::heap::model_size(&new) as i64;
        self.adjust_size(-less);
        let old = std::mem::replace(self.get_mut(v), new);
        old.children(&mut |child| self.decref(child));
        self.drop_side_dict(v);
    }
}
