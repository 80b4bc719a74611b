//! What the loop asks of its inline caches, and other short answers it needs in several places.

use super::poly::Found;
use super::{Cache, NO_SHAPE, operands};
use crate::code::Ins;
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::Op;

impl Process {
    /// The value of a name that the cache of an instruction knows in this namespace or in the built-ins.
    #[inline(always)]
    pub(crate) fn cached_name(&self, number: usize, at: usize, namespace: Value, builtins: Value) -> Option<Value> {
        match self.caches[number].get(at) {
            Some(&Cache::Global { version, entry }) => match self.heap.get(namespace) {
                Obj::Dict(d) if d.version() == version => d.entry(entry as usize).map(|e| e.value),
                _ => None,
            },
            Some(&Cache::Builtin {
                globals: g,
                builtins: b,
                entry,
            }) => match (self.heap.get(namespace), self.heap.get(builtins)) {
                (Obj::Dict(d), Obj::Dict(e)) if d.version() == g && e.version() == b => {
                    e.entry(entry as usize).map(|e| e.value)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The code of a frame, to be kept while it runs.
    #[inline(always)]
    pub(crate) fn shared_code(&self, code: Value) -> Option<std::rc::Rc<crate::code::CodeObj>> {
        match self.heap.get(code) {
            Obj::Code(code) => Some(std::rc::Rc::clone(code)),
            _ => None,
        }
    }

    /// Globals and built-ins of a function that runs.
    #[inline(always)]
    pub(crate) fn namespaces_of(&self, function: Value) -> (Value, Value) {
        match self.heap.get(function) {
            Obj::Function(f) => (f.globals, f.builtins),
            _ => (Value::NULL, Value::NULL),
        }
    }

    /// A field or a method of an instance, by the cache of the instruction or else by the table for several classes.
    #[inline(always)]
    pub(crate) fn field_or_method(&self, number: usize, at: usize, object: Value, name: Value) -> Option<Found> {
        if !object.is_heap() {
            return None;
        }
        match self.caches[number].get(at) {
            Some(&Cache::Field { epoch, shape, place }) => {
                if let Some(v) = self.field(object, epoch, shape, place) {
                    return Some(Found::Field(v));
                }
            }
            Some(&Cache::Method {
                version,
                function,
                shape,
            }) if self.class_version(object) == version && self.has_shape(object, shape) => {
                return Some(Found::Method(function));
            }
            _ => {}
        }
        self.poly_load(object, name)
    }

    /// An attribute by the caches that are not asked in the loop itself, or by the table for several classes.
    #[inline(never)]
    pub(crate) fn odd_attribute(&self, number: usize, at: usize, object: Value, name: Value) -> Option<Found> {
        match *self.caches[number].get(at)? {
            Cache::ClassValue { version, value, shape }
                if self.class_version(object) == version && self.has_shape(object, shape) =>
            {
                return Some(Found::Field(value));
            }
            Cache::TypeValue { version, value } => {
                if let Obj::Type(t) = self.heap.get(object)
                    && t.version == version
                {
                    return Some(Found::Field(value));
                }
            }
            Cache::TypeMethod { version, function } => {
                if let Obj::Type(t) = self.heap.get(object)
                    && t.version == version
                {
                    return Some(Found::Method(function));
                }
            }
            Cache::Module { version, entry } => {
                if let Obj::Module(m) = self.heap.get(object)
                    && let Obj::Dict(d) = self.heap.get(m.dict)
                    && d.version() == version
                    && let Some(e) = d.entry(entry as usize)
                {
                    return Some(Found::Field(e.value));
                }
            }
            _ => {}
        }
        self.poly_load(object, name)
    }

    /// The method that `super().name` finds, by the cache of the instruction.
    #[inline(always)]
    pub(crate) fn cached_super(
        &self,
        [number, at]: [usize; 2],
        kind: Value,
        class: Value,
        object: Value,
    ) -> Option<Value> {
        match self.caches[number].get(at) {
            Some(&Cache::Super {
                version,
                class: behind,
                function,
            }) if kind == core::SUPER
                && object.is_heap()
                && self.class_version(object) == version
                && class == Value::from_handle(behind) =>
            {
                Some(function)
            }
            _ => None,
        }
    }

    /// The code of a property's getter that can be entered with the object alone.
    #[inline(always)]
    pub(crate) fn direct_getter(&self, getter: Value) -> Option<(Value, std::rc::Rc<crate::code::CodeObj>)> {
        let Obj::Function(f) = self.heap.get(getter) else {
            return None;
        };
        match self.heap.get(f.code) {
            Obj::Code(callee) if callee.direct && callee.arg_count == 1 => Some((f.code, std::rc::Rc::clone(callee))),
            _ => None,
        }
    }

    /// The value of an instance's own attribute, if the cache's shape and epoch hold.
    #[inline(always)]
    pub(crate) fn field(&self, object: Value, epoch: u64, shape: u32, place: u32) -> Option<Value> {
        if let Obj::Instance(i) = self.heap.get(object)
            && i.shape == shape
            && self.field_epoch == epoch
            && let Some(&v) = i.values.get(place as usize)
            && !v.is_null()
        {
            return Some(v);
        }
        None
    }

    /// The place of an instance's own attribute, likewise.
    #[inline(always)]
    pub(crate) fn field_mut(&mut self, object: Value, epoch: u64, shape: u32, place: u32) -> Option<&mut Value> {
        if self.field_epoch == epoch
            && let Obj::Instance(i) = self.heap.get_mut(object)
            && i.shape == shape
        {
            return i.values.get_mut(place as usize);
        }
        None
    }

    /// Puts the `n` items of a tuple or list on `operands`, the first on top; false if it has another number or is something else.
    #[inline]
    pub(crate) fn unpack_exactly(&mut self, v: Value, operands: &mut [Value], n: usize) -> bool {
        let items: &[Value] = match self.heap.object(v) {
            Some(Obj::Tuple(items)) if items.len() == n => items,
            Some(Obj::List(items)) if items.len() == n => items,
            _ => return false,
        };
        for (slot, &item) in operands[..n].iter_mut().zip(items.iter().rev()) {
            *slot = item;
        }
        for &item in &operands[..n] {
            self.heap.incref(item);
        }
        true
    }

    /// A binary operation that needs no Python code but is not so common: powers, and strings put together. NULL when the left string
    /// has grown in its place because the next instruction stores it back in the local it came from.
    #[inline(never)]
    pub(crate) fn odd_binary(&mut self, arg: u32, a: Value, b: Value, slots: &[Value], next: Ins) -> Option<Value> {
        match arg {
            8 | 21 if !a.is_heap() => operands::power(a, b),
            0 | 13 if a.is_heap() => {
                if arg == 13
                    && let Ins {
                        op: Op::StoreFast | Op::StoreFastLoadFast,
                        arg: local,
                    } = next
                    && slots[local as usize] == a
                    && self.quick_append(a, b)
                {
                    return Some(Value::NULL);
                }
                self.quick_concat(a, b)
            }
            _ => None,
        }
    }

    /// The version of an object's class.
    #[inline(always)]
    pub(crate) fn class_version(&self, object: Value) -> u64 {
        match self.heap.get(Value::from_handle(self.heap.header(object).class)) {
            Obj::Type(t) => t.version,
            _ => 0,
        }
    }

    /// Does the object have this shape (so no `__dict__` of its own: that has `DICT_SHAPE`), or (for `NO_SHAPE`) cannot hide methods?
    #[inline(always)]
    pub(crate) fn has_shape(&self, object: Value, shape: u32) -> bool {
        match self.heap.get(object) {
            Obj::Instance(i) => i.shape == shape,
            _ => shape == NO_SHAPE,
        }
    }

    /// `a is b`: floats that are immediate have no identity but their value, as constants in CPython.
    #[inline(always)]
    pub(crate) fn same_object(&self, a: Value, b: Value) -> bool {
        a == b
    }

    /// Frees what nobody refers to any more and starts the finalizers that wait.
    #[inline(never)]
    pub(crate) fn settle(&mut self) {
        self.heap.release_pending();
        if !self.heap.finalize_queue.is_empty() {
            self.start_finalizers();
        }
    }
}
