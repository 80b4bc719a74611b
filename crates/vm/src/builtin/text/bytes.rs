//! The type `bytes`, and the slots it shares with `bytearray`.

use super::buffer::ByteData;
use super::bytes_methods;
use super::repr::bytes_repr;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use std::cmp::Ordering;

/// `bytes`
pub static BYTES: TypeDef = TypeDef {
    name: "bytes",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Bytes,
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::MATCH_SELF,
    members: &[OWN, SLOTS, bytes_methods::METHODS, bytes_methods::LAYOUT],
    doc: "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\nbytes(int) -> bytes object of size given by the parameter initialized with null bytes\nbytes() -> empty bytes object\n\nConstruct an immutable array of bytes from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - any object implementing the buffer API.\n  - an integer",
    finish: None,
};

/// The bytes of the instance a method was called on.
pub fn this_bytes(vm: &mut Process, args: Args<'_>, method: &str) -> NativeResult<ByteData> {
    match vm.own_bytes(args.this()) {
        Some(data) => Ok(data),
        None => Err(vm.wrong_self(method, "bytes", args.this())),
    }
}

const OWN: &[Native] = &[
    Native::static_method("__new__", new_bytes),
    Native::method("__hash__", |vm, args| {
        let this = vm.slot1(args)?;
        let h = crate::pystr::hash_bytes(&this_bytes(vm, args, "__hash__")?);
        let _ = this;
        Ok(vm.new_int(h))
    })
    .sig("($self, /)"),
    Native::method("__repr__", |vm, args| {
        vm.slot1(args)?;
        let data = this_bytes(vm, args, "__repr__")?;
        Ok(vm.new_str(&bytes_repr(&data)))
    })
    .sig("($self, /)"),
    Native::method("__bytes__", |vm, args| {
        let data = this_bytes(vm, args, "__bytes__")?;
        if vm.is_exact(args.this(), core::BYTES) {
            return Ok(args.this());
        }
        Ok(vm.new_bytes(&data))
    })
    .sig("($self, /)"),
    Native::method("__getnewargs__", |vm, args| {
        let data = this_bytes(vm, args, "__getnewargs__")?;
        let bytes = vm.new_bytes(&data);
        Ok(vm.new_tuple(vec![bytes]))
    }),
    Native::method("__sizeof__", |vm, args| {
        let n = this_bytes(vm, args, "__sizeof__")?.len();
        Ok(vm.new_int(n as i64 + 33))
    }),
];

macro_rules! compare {
    ($name:literal, $holds:expr) => {
        Native::method($name, |vm, args| {
            let (_, b) = vm.slot2(args)?;
            let holds: fn(Ordering) -> bool = $holds;
            let a = this_bytes(vm, args, $name)?;
            if !vm.is_one_piece(b) {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            let b = vm.byte_data(b)?;
            Ok(Value::from_bool(holds(a.cmp(&b))))
        })
        .sig("($self, value, /)")
    };
}

/// Slots of both types.
pub(super) const SLOTS: &[Native] = &[
    Native::method("__len__", |vm, args| {
        vm.slot1(args)?;
        let n = match vm.heap.object(args.this()) {
            Some(Obj::ByteArray(b)) => b.len(),
            _ => this_bytes(vm, args, "__len__")?.len(),
        };
        Ok(vm.new_int(n as i64))
    })
    .sig("($self, /)"),
    Native::method("__iter__", |vm, args| {
        let this = vm.slot1(args)?;
        let class = match vm.heap.object(this) {
            Some(Obj::ByteArray(_)) => core::BYTEARRAY_ITERATOR,
            Some(Obj::Bytes(_)) => core::BYTES_ITERATOR,
            _ => return Err(vm.wrong_self("__iter__", "bytes", this)),
        };
        let iter = crate::builtin::containers::iters::Iter::Bytes { bytes: this, index: 0 };
        Ok(vm.new_iter(class, iter))
    })
    .sig("($self, /)"),
    compare!("__lt__", Ordering::is_lt),
    compare!("__le__", Ordering::is_le),
    compare!("__eq__", Ordering::is_eq),
    compare!("__ne__", Ordering::is_ne),
    compare!("__gt__", Ordering::is_gt),
    compare!("__ge__", Ordering::is_ge),
    Native::method("__add__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        let x = this_bytes(vm, args, "__add__")?;
        if !vm.is_one_piece(b) {
            let (this, other) = (vm.type_name(a), vm.type_name(b));
            return Err(vm.type_error(&format!("can't concat {other} to {this}")));
        }
        let y = vm.byte_data(b)?;
        let joined = [&*x, &*y].concat();
        Ok(vm.new_bytes_like(a, joined))
    })
    .sig("($self, value, /)"),
    Native::method("__mul__", repeat).sig("($self, value, /)"),
    Native::method("__rmul__", repeat).sig("($self, value, /)"),
    Native::method("__mod__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        let format = this_bytes(vm, args, "__mod__")?;
        let out = vm.bytes_percent(&format, b)?;
        Ok(vm.new_bytes_like(a, out))
    })
    .sig("($self, value, /)"),
    Native::method("__rmod__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        match vm.own_bytes(b) {
            Some(format) => {
                let out = vm.bytes_percent(&format, a)?;
                Ok(vm.new_bytes_like(b, out))
            }
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    })
    .sig("($self, value, /)"),
    Native::method("__contains__", |vm, args| {
        let (_, part) = vm.slot2(args)?;
        let data = this_bytes(vm, args, "__contains__")?;
        let needle = if vm.is_bytes_like(part) {
            vm.buffer_bytes(part)?
        } else if vm.is_int(part) || vm.special(part, crate::names::INDEX)?.is_some() {
            vec![vm.byte_of(part, "byte")?]
        } else {
            vm.buffer_bytes(part)?
        };
        Ok(Value::from_bool(super::bytes_search::find(&data, &needle).is_some()))
    })
    .sig("($self, key, /)"),
    Native::method("__getitem__", getitem).sig("($self, key, /)"),
    Native::method("__buffer__", super::buffer::buffer_method).sig("($self, flags, /)"),
];

fn repeat(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, n) = vm.slot2(args)?;
    let data = this_bytes(vm, args, "__mul__")?;
    let Some(n) = vm.repeat_operand(n)? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if n == 1 && vm.is_exact(a, core::BYTES) {
        return Ok(a);
    }
    vm.check_size((data.len() as u64).saturating_mul(n))?;
    Ok(vm.new_bytes_like(
        a,
        if data.is_empty() {
            Vec::new()
        } else {
            data.repeat(n as usize)
        },
    ))
}

fn getitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, key) = vm.slot2(args)?;
    // One byte of a bytearray is read without copying all of it.
    if let (Some(Obj::ByteArray(b)), Some(n)) = (vm.heap.object(this), key.as_small()) {
        let at = if n < 0 { n + b.len() as i64 } else { n };
        return match usize::try_from(at).ok().and_then(|at| b.get(at)) {
            Some(&b) => Ok(Value::from_i32(i32::from(b))),
            None => Err(vm.index_error("bytearray index out of range")),
        };
    }
    let data = this_bytes(vm, args, "__getitem__")?;
    if let Some(Obj::Slice(_)) = vm.heap.object(key) {
        let range = vm.slice_indices(key, data.len())?;
        if range.count == data.len() && range.step == 1 && vm.is_exact(this, core::BYTES) {
            return Ok(this);
        }
        let picked = range.indices().filter_map(|i| data.get(i).copied()).collect();
        return Ok(vm.new_bytes_like(this, picked));
    }
    let array = matches!(vm.heap.object(this), Some(Obj::ByteArray(_)));
    if !vm.is_int(key) && vm.special(key, crate::names::INDEX)?.is_none() {
        let name = vm.type_name(key);
        let what = if array { "bytearray" } else { "byte" };
        return Err(vm.type_error(&format!("{what} indices must be integers or slices, not {name}")));
    }
    match vm.sequence_index(key, data.len())?.and_then(|at| data.get(at)) {
        Some(&b) => Ok(Value::from_i32(i32::from(b))),
        None if array => Err(vm.index_error("bytearray index out of range")),
        None => Err(vm.index_error("index out of range")),
    }
}

fn new_bytes(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = vm.class_argument(args, core::BYTES)?;
    let rest = args.rest();
    if let ([x], []) = (rest.pos, rest.kw)
        && class == core::BYTES
        && vm.is_exact(*x, core::BYTES)
    {
        return Ok(*x);
    }
    if let ([x], []) = (rest.pos, rest.kw)
        && let Some(made) = vm.call_special(*x, crate::names::BYTES, &[])?
        && let Some(Obj::Bytes(bytes)) = vm.heap.object(made)
    {
        // Whatever class of bytes it is.
        if class == core::BYTES {
            return Ok(made);
        }
        let bytes = bytes.clone();
        return Ok(vm.new_of_class(class, Obj::Bytes(bytes)));
    }
    let bytes = construct(vm, rest, "bytes")?;
    if class == core::BYTES {
        return Ok(vm.new_bytes(&bytes));
    }
    Ok(vm.new_of_class(class, Obj::Bytes(bytes.into())))
}

/// What `bytes(...)` and `bytearray(...)` hold.
pub(super) fn construct(vm: &mut Process, args: Args<'_>, function: &str) -> NativeResult<Vec<u8>> {
    let [source, encoding, errors] = vm.bind(args, function, ["source", "encoding", "errors"], 0)?;
    let Some(source) = source else {
        if encoding.is_some() || errors.is_some() {
            let what = if encoding.is_some() { "encoding" } else { "errors" };
            return Err(vm.type_error(&format!("{what} without a string argument")));
        }
        return Ok(Vec::new());
    };
    if let Some(s) = vm.as_pystr(source).cloned() {
        if encoding.is_none() && errors.is_none() && vm.special(source, crate::names::BYTES)?.is_some() {
            return vm.bytes_of_any(source).map_err(|error| rename(vm, error, function));
        }
        if encoding.is_none() {
            return Err(vm.type_error("string argument without an encoding"));
        }
        let encoding = vm.name_argument(encoding, function, "encoding", "utf-8")?;
        let errors = vm.name_argument(errors, function, "errors", "strict")?;
        let encoded = vm.encode_value(source, &s, &encoding, &errors)?;
        return vm.buffer_bytes(encoded);
    }
    if encoding.is_some() || errors.is_some() {
        let what = if encoding.is_some() { "encoding" } else { "errors" };
        return Err(vm.type_error(&format!("{what} without a string argument")));
    }
    let class = vm.type_of(source);
    let method = vm.lookup_in_type(class, crate::names::BYTES);
    if function == "bytes" && method.is_some_and(|method| method.is_none()) {
        return Err(vm.type_error("'NoneType' object is not callable"));
    }
    let counted = !vm.is_bytes_like(source)
        && vm.special(source, crate::names::BYTES)?.is_none()
        && (vm.is_int(source) || vm.special(source, crate::names::INDEX)?.is_some());
    if counted {
        let n = vm.index_i64(source)?;
        let Ok(n) = u64::try_from(n) else {
            return Err(vm.value_error("negative count"));
        };
        vm.check_size(n)?;
        return Ok(vec![0; n as usize]);
    }
    vm.bytes_of_any(source).map_err(|error| rename(vm, error, function))
}

/// The messages about single bytes name the type that is made.
fn rename(vm: &mut Process, error: crate::native::Unwind, function: &str) -> crate::native::Unwind {
    let crate::native::Unwind::Raise(e) = error else {
        return error;
    };
    if function != "bytes" && vm.is_exact(e, core::VALUE_ERROR) {
        return vm.value_error("byte must be in range(0, 256)");
    }
    if function != "bytes"
        && vm.is_exact(e, core::TYPE_ERROR)
        && let Some(Obj::Exception(x)) = vm.heap.object(e)
        && let Some(&[text]) = vm.as_tuple(x.args)
        && let Some(text) = vm.as_str(text)
        && text.ends_with("object to bytes")
    {
        let text = text.replace("object to bytes", "object to bytearray");
        return vm.type_error(&text);
    }
    crate::native::Unwind::Raise(e)
}
