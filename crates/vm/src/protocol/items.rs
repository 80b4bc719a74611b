//! Length, subscription and membership.

use crate::names;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// `len(v)`
    pub fn len(&mut self, v: Value) -> NativeResult<usize> {
        if let Some(known) = self.known_len(v) {
            return Ok(known);
        }
        match self.call_special(v, names::LEN, &[])? {
            Some(result) => self.length_of_result(result),
            None => {
                let name = self.shown_type(v);
                Err(self.type_error(&format!("object of type '{name}' has no len()")))
            }
        }
    }

    fn length_of_result(&mut self, result: Value) -> NativeResult<usize> {
        let n = if self.is_int(result) {
            result
        } else {
            self.index_value(result)?
        };
        match self.as_i64(n) {
            Some(n) if n >= 0 => Ok(n as usize),
            Some(_) => Err(self.value_error("__len__() should return >= 0")),
            None if self.as_bigint(n).is_some_and(|n| n.sign() == num_bigint::Sign::Minus) => {
                Err(self.value_error("__len__() should return >= 0"))
            }
            None => Err(self.overflow_error("cannot fit 'int' into an index-sized integer")),
        }
    }

    /// The length of an exact built-in container.
    fn known_len(&self, v: Value) -> Option<usize> {
        let class = self.type_of(v);
        match self.heap.object(v)? {
            Obj::List(items) if class == core::LIST => Some(items.len()),
            Obj::Tuple(items) if class == core::TUPLE => Some(items.len()),
            Obj::Str(s) if class == core::STR => Some(s.len()),
            Obj::Bytes(b) if class == core::BYTES => Some(b.len()),
            Obj::ByteArray(b) if class == core::BYTEARRAY => Some(b.len()),
            Obj::Dict(d) if class == core::DICT => Some(d.len()),
            Obj::Set(d) if class == core::SET || class == core::FROZENSET => Some(d.len()),
            _ => None,
        }
    }

    /// `o[k]`
    pub fn getitem(&mut self, o: Value, k: Value) -> NativeResult {
        let class = self.type_of(o);
        if let Some(method) = self.lookup_in_type(class, names::GETITEM) {
            return self.call_found(method, o, &[k]);
        }
        if self.as_type(o).is_some() {
            if o == core::TYPE {
                return self.new_generic_alias(o, k);
            }
            if let Some(method) = self.getattr_opt(o, names::CLASS_GETITEM)? {
                return self.call(method, &[k]);
            }
            let name = self.name_of_type(o);
            return Err(self.type_error(&format!("type '{name}' is not subscriptable")));
        }
        let name = self.shown_type(o);
        Err(self.type_error(&format!("'{name}' object is not subscriptable")))
    }

    /// `o[k] = v`
    pub fn setitem(&mut self, o: Value, k: Value, v: Value) -> NativeResult<()> {
        if self.call_special(o, names::SETITEM, &[k, v])?.is_none() {
            self.taken_as_index(o, k)?;
            let name = self.shown_type(o);
            return Err(self.type_error(&format!("'{name}' object does not support item assignment")));
        }
        Ok(())
    }

    /// `del o[k]`
    pub fn delitem(&mut self, o: Value, k: Value) -> NativeResult<()> {
        if self.call_special(o, names::DELITEM, &[k])?.is_none() {
            let verb = if self.taken_as_index(o, k)? {
                "doesn't"
            } else {
                "does not"
            };
            let name = self.shown_type(o);
            return Err(self.type_error(&format!("'{name}' object {verb} support item deletion")));
        }
        Ok(())
    }

    /// Whether CPython (`PyObject_SetItem`, `PyObject_DelItem`) takes the key of an object without items to set for an index: it does so
    /// with sequences and instances of classes in Python, and looks whether it fits before it refuses.
    fn taken_as_index(&mut self, o: Value, k: Value) -> NativeResult<bool> {
        let class = self.type_of(o);
        let in_python = self.as_type(class).is_some_and(|t| t.def.is_none());
        let sequences = [
            core::STR,
            core::BYTES,
            core::TUPLE,
            core::RANGE,
            core::SET,
            core::FROZENSET,
        ];
        if !in_python && !sequences.contains(&class) || !self.is_int(k) {
            return Ok(false);
        }
        match self.as_i64(k) {
            Some(_) => Ok(true),
            None => Err(self.index_error("cannot fit 'int' into an index-sized integer")),
        }
    }

    /// `item in container`
    pub fn contains(&mut self, container: Value, item: Value) -> NativeResult<bool> {
        let class = self.type_of(container);
        match self.lookup_in_type(class, names::CONTAINS) {
            Some(method) if method.is_none() => {
                let name = self.shown_type(container);
                Err(self.type_error(&format!("'{name}' object is not a container")))
            }
            Some(method) => {
                let result = self.call_found(method, container, &[item])?;
                self.truth(result)
            }
            None => {
                if self.lookup_in_type(class, names::ITER).is_none()
                    && self.lookup_in_type(class, names::GETITEM).is_none()
                {
                    let name = self.shown_type(container);
                    return Err(self.type_error(&format!("argument of type '{name}' is not a container or iterable")));
                }
                let function = self.prelude_function("_iterate_contains");
                let result = self.call(function, &[container, item])?;
                self.truth(result)
            }
        }
    }
}
