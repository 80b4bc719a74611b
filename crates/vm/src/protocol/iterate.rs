//! Iteration.

use crate::builtin::containers::iters::{Iter, Step};
use crate::names;
use crate::native::{GeneratorInput, LogEntry, NativeResult, Pending, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use crate::work;

impl Process {
    /// `iter(v)`
    pub fn get_iter(&mut self, v: Value) -> NativeResult {
        let class = self.type_of(v);
        if class == core::GENERATOR {
            return Ok(v);
        }
        match self.lookup_in_type(class, names::ITER) {
            Some(method) if method.is_none() => Err(self.not_iterable(v)),
            Some(method) => {
                let iterator = self.call_found(method, v, &[])?;
                if !self.is_iterator(iterator) {
                    let name = self.shown_type(iterator);
                    return Err(self.type_error(&format!("iter() returned non-iterator of type '{name}'")));
                }
                Ok(iterator)
            }
            None if self.lookup_in_type(class, names::GETITEM).is_some() && self.as_dict(v).is_none() => {
                // Logged like the call of an `__iter__`: a re-run goes on with the iterator that it has advanced.
                self.once(|vm| Ok(vm.new_iter(core::SEQUENCE_ITERATOR, Iter::Sequence { sequence: v, index: 0 })))
            }
            None => Err(self.not_iterable(v)),
        }
    }

    fn not_iterable(&mut self, v: Value) -> Unwind {
        let name = self.shown_type(v);
        self.type_error(&format!("'{name}' object is not iterable"))
    }

    /// Does the class of the value have a `__next__`?
    pub fn is_iterator(&mut self, v: Value) -> bool {
        let class = self.type_of(v);
        class == core::GENERATOR || self.lookup_in_type(class, names::NEXT).is_some()
    }

    /// The next item of an iterator; `None` when it is exhausted. Logged as one entry.
    pub fn iter_next(&mut self, it: Value) -> NativeResult<Option<Value>> {
        let some = |v: Value| if v.is_null() { None } else { Some(v) };
        let class = self.type_of(it);
        if class == core::GENERATOR {
            return match self.next_log_entry() {
                Some(LogEntry::Value(v)) => Ok(some(v)),
                Some(LogEntry::Raise(e)) => Err(Unwind::Raise(e)),
                Some(_) => Err(self.system_error("a native was not deterministic (iter_next)")),
                None => Err(Unwind::Pending(Box::new(Pending::Generator {
                    generator: it,
                    input: GeneratorInput::Send(Value::NONE),
                    raise_at_end: false,
                    tail: false,
                }))),
            };
        }
        if !self.replaying() && matches!(self.heap.object(it), Some(Obj::Iter(_))) {
            let start = self.activation.cursor;
            match self.step_iter(it) {
                Step::Item(v) => {
                    self.close_log(start, LogEntry::Value(v));
                    return Ok(Some(v));
                }
                Step::Exhausted => {
                    self.close_log(start, LogEntry::Value(Value::NULL));
                    return Ok(None);
                }
                Step::Changed(_) | Step::NeedsCall => {}
            }
        }
        let Some(method) = self.lookup_in_type(class, names::NEXT) else {
            let name = self.shown_type(it);
            return Err(self.type_error(&format!("'{name}' object is not an iterator")));
        };
        match self.call_found(method, it, &[]) {
            Ok(v) => Ok(some(v)),
            Err(Unwind::Raise(e)) if self.exception_matches(e, core::STOP_ITERATION) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// All items of an iterable. Logged as one result, so that a re-run sees the same items.
    pub fn list_from_iterable(&mut self, v: Value) -> NativeResult<Vec<Value>> {
        if self.is_exact(v, core::TUPLE)
            && let Some(items) = self.as_tuple(v)
        {
            let items = items.to_vec();
            self.worked(items.len(), work::READ);
            return Ok(items);
        }
        let list = if self.has_native_items(v) {
            self.once(|vm| {
                let items = vm.native_items(v)?;
                Ok(vm.new_list(items))
            })?
        } else {
            // Said here, because the prelude's frame must not show up for so common an error.
            let class = self.type_of(v);
            let iter = self.lookup_in_type(class, names::ITER);
            if iter.is_none_or(Value::is_none)
                && (iter.is_some() || self.lookup_in_type(class, names::GETITEM).is_none())
            {
                return Err(self.not_iterable(v));
            }
            self.gathered(v)?
        };
        Ok(self.as_list(list).cloned().unwrap_or_default())
    }

    /// A list of the items of what is no container of ours.
    fn gathered(&mut self, v: Value) -> NativeResult {
        if self.type_of(v) == core::GENERATOR {
            return match self.next_log_entry() {
                Some(LogEntry::Value(list)) => Ok(list),
                Some(LogEntry::Raise(e)) => Err(Unwind::Raise(e)),
                Some(_) => Err(self.system_error("a native was not deterministic (items)")),
                None => Err(Unwind::Pending(Box::new(Pending::Items(v)))),
            };
        }
        let mut it = v;
        if self.type_of(v).index() < core::END as usize {
            it = self.get_iter(v)?;
            let list = self.once(|vm| vm.step_all(it))?;
            if !list.is_none() {
                return Ok(list);
            }
        }
        let collect = self.prelude_function("_collect");
        self.call(collect, &[it])
    }

    /// A list of all that an iterator of ours still gives; None if that takes calls, or one has to say what is wrong with it.
    fn step_all(&mut self, it: Value) -> NativeResult {
        if !self.steps_alone(it) {
            return Ok(Value::NONE);
        }
        let mut items = Vec::new();
        loop {
            match self.step_iter(it) {
                Step::Item(item) => items.push(item),
                Step::Exhausted => break,
                Step::NeedsCall if items.is_empty() => return Ok(Value::NONE),
                Step::NeedsCall => return Err(self.system_error("an iterator of ours wants to call")),
                Step::Changed(message) => return Err(self.runtime_error(message)),
            }
            if items.len() as u64 * 8 > self.heap.room() {
                return Err(self.memory_error());
            }
        }
        self.check_size(8 * items.len() as u64)?;
        self.worked(items.len(), work::STEP);
        Ok(self.new_list(items))
    }

    /// Can the items be read without running any code?
    fn has_native_items(&self, v: Value) -> bool {
        [
            core::LIST,
            core::DICT,
            core::SET,
            core::FROZENSET,
            core::STR,
            core::BYTES,
            core::BYTEARRAY,
            core::RANGE,
        ]
        .contains(&self.type_of(v))
            && self.range_is_small(v)
    }

    fn range_is_small(&self, v: Value) -> bool {
        match self.heap.object(v) {
            Some(Obj::Range(r)) => {
                r.start.is_small()
                    && r.stop.is_small()
                    && r.step.is_small()
                    && r.len.as_small().is_some_and(|n| n < 1 << 26)
            }
            _ => true,
        }
    }

    /// How many items [`Process::native_items`] gives.
    fn native_items_len(&self, v: Value) -> u64 {
        match self.heap.object(v) {
            Some(Obj::List(items)) => items.len() as u64,
            Some(Obj::Dict(d) | Obj::Set(d)) => d.len() as u64,
            Some(Obj::Bytes(b)) => b.len() as u64,
            Some(Obj::ByteArray(b)) => b.len() as u64,
            Some(Obj::Str(s)) => s.len() as u64,
            Some(Obj::Range(r)) => r.len.as_small().map_or(0, |n| n.unsigned_abs()),
            _ => 0,
        }
    }

    /// The items of what [`Process::has_native_items`]; MemoryError if a list of them does not fit.
    fn native_items(&mut self, v: Value) -> NativeResult<Vec<Value>> {
        let len = self.native_items_len(v);
        self.check_size(8 * len)?;
        let made = matches!(self.heap.object(v), Some(Obj::Range(_)));
        self.worked(len as usize, if made { work::MAKE } else { work::READ });
        Ok(match self.heap.object(v) {
            Some(Obj::List(items)) => items.to_vec(),
            Some(Obj::Tuple(items)) => items.to_vec(),
            Some(Obj::Dict(d) | Obj::Set(d)) => d.iter().map(|e| e.key).collect(),
            Some(Obj::Bytes(b)) => b.iter().map(|&b| Value::from_i32(i32::from(b))).collect(),
            Some(Obj::ByteArray(b)) => b.iter().map(|&b| Value::from_i32(i32::from(b))).collect(),
            Some(Obj::Str(s)) => {
                let s = s.clone();
                let mut items = Vec::with_capacity(s.len());
                for c in s.wtf8().code_points() {
                    let text: rustpython_wtf8::Wtf8Buf = [c].into_iter().collect();
                    items.push(self.new_wtf8(text));
                    self.check_limit()?;
                }
                items
            }
            Some(Obj::Range(r)) => {
                let (start, step, len) = (r.start.as_small(), r.step.as_small(), r.len.as_small());
                let (start, step) = (start.unwrap_or(0), step.unwrap_or(1));
                (0..len.unwrap_or(0)).map(|i| self.new_int(start + i * step)).collect()
            }
            _ => Vec::new(),
        })
    }
}
