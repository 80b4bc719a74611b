//! The type `bytearray`: what it has beyond `bytes`.

use super::bytes::{self, this_bytes};
use super::bytes_methods::{self, bytearray_repr};
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

/// `bytearray`
pub static BYTEARRAY: TypeDef = TypeDef {
    name: "bytearray",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::ByteArray,
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::MATCH_SELF,
    members: &[OWN, bytes::SLOTS, bytes_methods::METHODS, bytes_methods::LAYOUT],
    doc: "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of size given by the parameter initialized with null bytes\nbytearray() -> empty bytes array\n\nConstruct a mutable bytearray object from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - a bytes or a buffer object\n  - any object implementing the buffer API.\n  - an integer",
    finish: Some(crate::builtin::containers::no_hash),
};

const OWN: &[Native] = &[
    Native::static_method("__new__", |vm, args| {
        let class = vm.class_argument(args, core::BYTEARRAY)?;
        Ok(vm.new_of_class(class, Obj::ByteArray(Box::default())))
    }),
    Native::method("__init__", |vm, args| {
        let this = args.this();
        let bytes = bytes::construct(vm, args.rest(), "bytearray")?;
        vm.set_bytearray(this, bytes)?;
        Ok(Value::NONE)
    })
    .sig("($self, /, *args, **kwargs)"),
    Native::method("__repr__", |vm, args| {
        let this = vm.slot1(args)?;
        let data = this_bytes(vm, args, "__repr__")?;
        let class = vm.type_name(this);
        Ok(vm.new_str(&bytearray_repr(&class, &data)))
    })
    .sig("($self, /)"),
    Native::method("__str__", |vm, args| {
        let this = vm.slot1(args)?;
        vm.repr(this)
    })
    .sig("($self, /)"),
    Native::method("__setitem__", |vm, args| {
        let [this, key, value] = vm.exactly(args, "__setitem__")?;
        set_item(vm, this, key, Some(value))
    })
    .sig("($self, key, value, /)"),
    Native::method("__delitem__", |vm, args| {
        let (this, key) = vm.slot2(args)?;
        set_item(vm, this, key, None)
    })
    .sig("($self, key, /)"),
    Native::method("__iadd__", |vm, args| {
        let (this, other) = vm.slot2(args)?;
        if !vm.is_one_piece(other) {
            let (a, b) = (vm.type_name(other), vm.type_name(this));
            return Err(vm.type_error(&format!("can't concat {a} to {b}")));
        }
        let more = vm.buffer_bytes(other)?;
        vm.change_bytearray(this, |b| b.extend_from_slice(&more))?;
        Ok(this)
    })
    .sig("($self, value, /)"),
    Native::method("__imul__", |vm, args| {
        let (this, n) = vm.slot2(args)?;
        let data = this_bytes(vm, args, "__imul__")?;
        let Some(n) = vm.repeat_operand(n)? else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        vm.check_size((data.len() as u64).saturating_mul(n))?;
        vm.set_bytearray(this, data.repeat(n as usize))?;
        Ok(this)
    })
    .sig("($self, value, /)"),
    Native::method("append", |vm, args| {
        let (this, [item]) = vm.method_args(args, "bytearray.append")?;
        let byte = vm.byte_of(item, "byte")?;
        vm.change_bytearray(this, |b| b.push(byte))
    })
    .sig("($self, item, /)"),
    Native::method("extend", |vm, args| {
        let (this, [items]) = vm.method_args(args, "bytearray.extend")?;
        if vm.as_pystr(items).is_some() || !(vm.is_bytes_like(items) || vm.can_iterate(items)) {
            let name = vm.type_name(items);
            let message = if vm.as_pystr(items).is_some() {
                format!("expected iterable of integers; got: '{name}'")
            } else {
                format!("can't extend bytearray with {name}")
            };
            return Err(vm.type_error(&message));
        }
        let more = if vm.is_one_piece(items) {
            vm.buffer_bytes(items)?
        } else if vm.is_bytes_like(items) {
            let name = vm.type_name(items);
            return Err(vm.type_error(&format!("can't set bytearray slice from {name}")));
        } else {
            let items = vm.list_from_iterable(items)?;
            let mut bytes = Vec::with_capacity(items.len());
            for item in items {
                bytes.push(vm.byte_of(item, "byte")?);
            }
            bytes
        };
        vm.change_bytearray(this, |b| b.extend_from_slice(&more))
    })
    .sig("($self, iterable_of_ints, /)"),
    Native::method("insert", |vm, args| {
        let (this, [index, item]) = vm.method_args(args, "insert")?;
        let at = vm.index_i64(index)?;
        let byte = vm.byte_of(item, "byte")?;
        vm.change_bytearray(this, |b| {
            let n = b.len() as i64;
            let at = if at < 0 { (at + n).max(0) } else { at.min(n) };
            b.insert(at as usize, byte);
        })
    })
    .sig("($self, index, item, /)"),
    Native::method("pop", |vm, args| {
        vm.between(args.rest(), "pop", 0, 1)?;
        let at = match args.get(1) {
            None => -1,
            Some(v) => vm.index_i64(v)?,
        };
        let n = this_bytes(vm, args, "pop")?.len() as i64;
        if n == 0 {
            return Err(vm.index_error("pop from empty bytearray"));
        }
        let at = if at < 0 { at + n } else { at };
        if at < 0 || at >= n {
            return Err(vm.index_error("pop index out of range"));
        }
        let mut byte = 0;
        vm.change_bytearray(args.this(), |b| byte = b.remove(at as usize))?;
        Ok(Value::from_i32(i32::from(byte)))
    })
    .sig("($self, index=-1, /)"),
    Native::method("remove", |vm, args| {
        let (this, [item]) = vm.method_args(args, "bytearray.remove")?;
        let byte = vm.byte_of(item, "byte")?;
        let data = this_bytes(vm, args, "remove")?;
        match data.iter().position(|b| *b == byte) {
            Some(at) => vm.change_bytearray(this, |b| {
                b.remove(at);
            }),
            None => Err(vm.value_error("value not found in bytearray")),
        }
    })
    .sig("($self, value, /)"),
    Native::method("reverse", |vm, args| {
        let (this, []) = vm.method_args(args, "bytearray.reverse")?;
        vm.change_bytearray(this, |b| b.reverse())
    })
    .sig("($self, /)"),
    Native::method("clear", |vm, args| {
        let (this, []) = vm.method_args(args, "bytearray.clear")?;
        vm.change_bytearray(this, Vec::clear)
    })
    .sig("($self, /)"),
    Native::method("resize", |vm, args| {
        let (this, [size]) = vm.method_args(args, "bytearray.resize")?;
        let size = vm.index_i64(size)?;
        let Ok(n) = usize::try_from(size) else {
            return Err(vm.value_error(&format!("bytearray.resize(): new size must be >= 0, got {size}")));
        };
        vm.check_size(n as u64)?;
        vm.change_bytearray(this, |b| b.resize(n, 0))
    })
    .sig("($self, size, /)"),
    Native::method("copy", |vm, args| {
        let data = this_bytes(vm, args, "copy")?;
        Ok(vm.new_bytearray(data.to_vec()))
    })
    .sig("($self, /)"),
    Native::method("__release_buffer__", super::buffer::release_method).sig("($self, buffer, /)"),
    Native::method("__alloc__", |vm, args| {
        let n = this_bytes(vm, args, "__alloc__")?.len() as i64;
        Ok(vm.new_int(if n == 0 { 0 } else { n + 1 }))
    }),
    Native::method("__sizeof__", |vm, args| {
        let n = this_bytes(vm, args, "__sizeof__")?.len() as i64;
        Ok(vm.new_int(56 + if n == 0 { 0 } else { n + 1 }))
    }),
    Native::method("__reduce__", reduce),
    Native::method("__reduce_ex__", reduce),
];

fn reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let data = this_bytes(vm, args, "__reduce_ex__")?;
    let bytes = vm.new_bytes(&data);
    let arguments = vm.new_tuple(vec![bytes]);
    let class = vm.type_of(this);
    let state = vm.object_dict(this, false)?.unwrap_or(Value::NONE);
    Ok(vm.new_tuple(vec![class, arguments, state]))
}

impl Process {
    /// Changes the bytes of a `bytearray`; answers None.
    pub fn change_bytearray(&mut self, v: Value, change: impl FnOnce(&mut Vec<u8>)) -> NativeResult {
        if !matches!(self.heap.object(v), Some(Obj::ByteArray(_))) {
            return Err(self.wrong_self("bytearray", "bytearray", v));
        }
        let viewed = !self.views.is_empty() && self.is_viewed(v);
        if let Obj::ByteArray(b) = self.heap.get_mut(v) {
            let before = b.len() as i64;
            if viewed {
                let mut changed = b.clone();
                change(&mut changed);
                if changed.len() != b.len() {
                    return Err(self.error(
                        core::BUFFER_ERROR,
                        "Existing exports of data: object cannot be re-sized",
                    ));
                }
                **b = *changed;
                return Ok(Value::NONE);
            }
            change(b);
            let delta = b.len() as i64 - before;
            self.heap.adjust_size(delta);
        }
        Ok(Value::NONE)
    }

    fn set_bytearray(&mut self, v: Value, bytes: Vec<u8>) -> NativeResult {
        self.change_bytearray(v, |b| *b = bytes)
    }
}

/// `a[key] = value`, or `del a[key]` for `None`.
fn set_item(vm: &mut Process, this: Value, key: Value, value: Option<Value>) -> NativeResult {
    let Some(Obj::ByteArray(b)) = vm.heap.object(this) else {
        return Err(vm.wrong_self("__setitem__", "bytearray", this));
    };
    let length = b.len();
    if let Some(Obj::Slice(_)) = vm.heap.object(key) {
        return set_slice(vm, this, key, value);
    }
    if !vm.is_int(key) && vm.special(key, crate::names::INDEX)?.is_none() {
        let name = vm.type_name(key);
        return Err(vm.type_error(&format!("bytearray indices must be integers or slices, not {name}")));
    }
    let Some(at) = vm.sequence_index(key, length)? else {
        return Err(vm.index_error("bytearray index out of range"));
    };
    match value {
        None => vm.change_bytearray(this, |b| {
            b.remove(at);
        }),
        Some(value) => {
            let byte = vm.byte_of(value, "byte")?;
            vm.change_bytearray(this, |b| {
                if let Some(slot) = b.get_mut(at) {
                    *slot = byte;
                }
            })
        }
    }
}

fn set_slice(vm: &mut Process, this: Value, slice: Value, value: Option<Value>) -> NativeResult {
    let new = match value {
        None => Vec::new(),
        Some(v) => {
            if vm.is_int(v) || vm.as_pystr(v).is_some() {
                return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
            }
            vm.bytes_of_any(v)?
        }
    };
    let length = match vm.heap.object(this) {
        Some(Obj::ByteArray(b)) => b.len(),
        _ => 0,
    };
    let range = vm.slice_indices(slice, length)?;
    if range.step == 1 {
        let from = range.start as usize;
        return vm.change_bytearray(this, |b| {
            b.splice(from..from + range.count, new);
        });
    }
    if value.is_none() || new.is_empty() {
        let gone: Vec<usize> = range.indices().collect();
        return vm.change_bytearray(this, |b| {
            let mut at = 0;
            b.retain(|_| {
                at += 1;
                !gone.contains(&(at - 1))
            });
        });
    }
    if new.len() != range.count {
        return Err(vm.value_error(&format!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            range.count
        )));
    }
    vm.change_bytearray(this, |b| {
        for (i, byte) in range.indices().zip(new) {
            if let Some(slot) = b.get_mut(i) {
                *slot = byte;
            }
        }
    })
}
