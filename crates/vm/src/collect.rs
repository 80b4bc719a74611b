//! The cycle collector: trial deletion (Christopher 1984; as CPython's `gc`). Counts that are explained by references from other heap
//! objects are taken away; what keeps a count is reachable from outside, and so is all that it reaches. The rest is garbage.

use crate::heap::{Heap, flags};
use crate::object::Obj;
use crate::value::Value;

impl Heap {
    /// Frees unreachable cycles. Those with finalizers or weak references are queued for them and freed by a later collection.
    /// Returns how many objects were found unreachable.
    pub fn collect_cycles(&mut self) -> usize {
        let n = self.slot_count();
        let mut outside: Vec<u32> = (0..n)
            .map(|i| self.header(Value::from_handle(i as u32)).count)
            .collect();
        for i in 1..n {
            self.each_child(i, |child| outside[child] = outside[child].saturating_sub(1));
        }
        let mut reached = vec![false; n];
        let mut work: Vec<usize> = (1..n).filter(|&i| outside[i] > 0 && self.is_live(i)).collect();
        for &i in &work {
            reached[i] = true;
        }
        while let Some(i) = work.pop() {
            self.each_child(i, |child| {
                if !reached[child] {
                    reached[child] = true;
                    work.push(child);
                }
            });
        }
        let garbage: Vec<usize> = (1..n)
            .filter(|&i| !reached[i] && self.is_live(i) && outside_of_pending(self, i))
            .collect();
        let (special, plain): (Vec<usize>, Vec<usize>) = garbage.iter().partition(|&&i| self.needs_goodbye(i));
        for i in &special {
            let v = Value::from_handle(*i as u32);
            self.incref(v);
            self.finalize_queue.push(v);
        }
        // With finalizers around, the whole garbage stays as it is until they have run: they may look at it.
        if special.is_empty() {
            for i in plain {
                self.empty(Value::from_handle(i as u32));
            }
        }
        self.allocated_since_collection = 0;
        garbage.len()
    }

    /// Objects that hold one of these values.
    pub fn referrers(&self, of: &[Value]) -> Vec<Value> {
        let holds = |i: &usize| {
            let mut found = false;
            self.get(Value::from_handle(*i as u32))
                .children(&mut |child| found |= !child.is_null() && of.contains(&child));
            found
        };
        (1..self.slot_count())
            .filter(holds)
            .map(|i| Value::from_handle(i as u32))
            .collect()
    }

    fn is_live(&self, i: usize) -> bool {
        !matches!(self.get(Value::from_handle(i as u32)), Obj::Free(_))
    }

    fn needs_goodbye(&self, i: usize) -> bool {
        let bits = self.header(Value::from_handle(i as u32)).flags;
        bits & flags::HAS_FINALIZER != 0 && bits & flags::FINALIZED == 0 || bits & flags::HAS_WEAKREFS != 0
    }

    /// Calls `f` with the index of everything a slot holds a count of: its values, its class and its side dict.
    fn each_child(&self, i: usize, mut f: impl FnMut(usize)) {
        let v = Value::from_handle(i as u32);
        if !self.is_live(i) {
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
        let old = std::mem::replace(self.get_mut(v), Obj::Cell(Value::NULL));
        old.children(&mut |child| self.decref(child));
    }
}

/// Objects without any count are noted as pending already and are not cycles.
fn outside_of_pending(heap: &Heap, i: usize) -> bool {
    heap.header(Value::from_handle(i as u32)).count > 0
}
