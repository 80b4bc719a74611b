//! Short ways of instructions that CPython has no inline caches for either: iterators and slices of the core's own containers.
//!
//! They charge what the way around charges (`SLOW`), since which way is gone must not show.

use crate::builtin::containers::iters::{DictPart, Iter};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// The iterator over a container of a core class, which holds the container's count from now on; what is an iterator already
    /// answers itself. `None` for anything else.
    #[inline(never)]
    pub(crate) fn quick_iter(&mut self, v: Value) -> Option<Value> {
        let class = self.type_of(v);
        let (iterator_class, iter) = match self.heap.object(v)? {
            Obj::Iter(_) => return Some(v),
            Obj::Generator(_) if class == core::GENERATOR => return Some(v),
            Obj::List(_) if class == core::LIST => (core::LIST_ITERATOR, Iter::List { list: v, index: 0 }),
            Obj::Tuple(_) if class == core::TUPLE => (core::TUPLE_ITERATOR, Iter::Tuple { tuple: v, index: 0 }),
            Obj::Dict(d) if class == core::DICT => {
                let len = d.len();
                let part = DictPart::Keys;
                (
                    core::DICT_KEY_ITERATOR,
                    Iter::Dict {
                        dict: v,
                        at: 0,
                        len,
                        left: len,
                        part,
                    },
                )
            }
            Obj::Set(d) if class == core::SET => {
                let len = d.len();
                (core::SET_ITERATOR, Iter::Set { set: v, at: 0, len })
            }
            _ => return None,
        };
        Some(self.heap.insert(iterator_class, Obj::Iter(Box::new(iter))))
    }

    /// `container[from:to]` of a list, tuple or string of a core class between small ints or None. Counted; the three are still held.
    #[inline(never)]
    pub(crate) fn quick_slice(&mut self, container: Value, from: Value, to: Value) -> Option<Value> {
        let class = self.type_of(container);
        match self.heap.object(container)? {
            Obj::List(items) if class == core::LIST => {
                let (from, to) = bounds(from, to, items.len())?;
                let part = items.get(from..to)?;
                if self.heap.room() < 8 * part.len() as u64 {
                    return None; // the slow path raises MemoryError
                }
                let part = part.to_vec();
                self.count_all(&part);
                Some(self.heap.insert(core::LIST, Obj::List(part)))
            }
            Obj::Tuple(items) if class == core::TUPLE => {
                let (from, to) = bounds(from, to, items.len())?;
                if to - from == items.len() || from == to {
                    return None; // no new tuple: the slow path knows which
                }
                let part: Box<[Value]> = items.get(from..to)?.into();
                self.count_all(&part);
                Some(self.heap.insert(core::TUPLE, Obj::Tuple(part)))
            }
            Obj::Str(text) if class == core::STR => {
                let (from, to) = bounds(from, to, text.len())?;
                if !text.is_ascii() || to - from == text.len() || self.heap.room() < (to - from) as u64 {
                    return None;
                }
                let text = text.clone();
                let v = self.substr(&text, from, to);
                self.heap.keep(v);
                Some(v)
            }
            _ => None,
        }
    }

    fn count_all(&mut self, values: &[Value]) {
        for &v in values {
            self.heap.incref(v);
        }
    }
}

/// What a slice without step takes of `len` items: from, to, with from <= to <= len.
fn bounds(from: Value, to: Value, len: usize) -> Option<(usize, usize)> {
    let place = |v: Value, default: usize| -> Option<usize> {
        if v.is_none() {
            return Some(default);
        }
        let n = v.as_small()?;
        let n = if n < 0 { n.saturating_add(len as i64) } else { n };
        Some(n.clamp(0, len as i64) as usize)
    };
    let (from, to) = (place(from, 0)?, place(to, len)?);
    Some((from, to.max(from)))
}
