//! `weakref.proxy`: forwards everything to the referent while it lives.

use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core};
use crate::value::Value;
use heddle_compiler::op::{BinaryOp, CompareOp};

fn referent(vm: &mut Process, v: Value) -> NativeResult {
    match vm.weak_referent(v) {
        Some(found) => Ok(found),
        None => Err(vm.error(core::REFERENCE_ERROR, "weakly-referenced object no longer exists")),
    }
}

/// The value itself, or what it is a proxy of.
fn unwrap(vm: &mut Process, v: Value) -> NativeResult {
    let class = vm.type_of(v);
    if class == core::WEAK_PROXY || class == core::WEAK_CALLABLE_PROXY {
        return referent(vm, v);
    }
    Ok(v)
}

fn two(vm: &mut Process, args: Args<'_>) -> NativeResult<(Value, Value)> {
    let (a, b) = (args.this(), args.get(1).unwrap_or(Value::NONE));
    Ok((unwrap(vm, a)?, unwrap(vm, b)?))
}

macro_rules! binary {
    ($($forward:ident $reflected:ident $in_place:ident $op:ident $in_place_op:ident;)*) => {
        $(
            fn $forward(vm: &mut Process, args: Args<'_>) -> NativeResult {
                let (a, b) = two(vm, args)?;
                vm.binary(BinaryOp::$op, a, b)
            }
            fn $reflected(vm: &mut Process, args: Args<'_>) -> NativeResult {
                let (a, b) = two(vm, args)?;
                vm.binary(BinaryOp::$op, b, a)
            }
            fn $in_place(vm: &mut Process, args: Args<'_>) -> NativeResult {
                let (a, b) = two(vm, args)?;
                vm.binary(BinaryOp::$in_place_op, a, b)
            }
        )*
        static OPERATORS: &[Native] = &[
            $(
                Native::method(concat!("__", stringify!($forward), "__"), $forward),
                Native::method(concat!("__", stringify!($reflected), "__"), $reflected),
                Native::method(concat!("__", stringify!($in_place), "__"), $in_place),
            )*
        ];
    };
}

binary! {
    add radd iadd Add InplaceAdd;
    sub rsub isub Subtract InplaceSubtract;
    mul rmul imul Multiply InplaceMultiply;
    truediv rtruediv itruediv TrueDivide InplaceTrueDivide;
    floordiv rfloordiv ifloordiv FloorDivide InplaceFloorDivide;
    pow rpow ipow Power InplacePower;
    lshift rlshift ilshift Lshift InplaceLshift;
    rshift rrshift irshift Rshift InplaceRshift;
    and rand iand And InplaceAnd;
    or ror ior Or InplaceOr;
    xor rxor ixor Xor InplaceXor;
    matmul rmatmul imatmul MatrixMultiply InplaceMatrixMultiply;
}

fn modulo(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, b) = two(vm, args)?;
    vm.binary(BinaryOp::Remainder, a, b)
}

macro_rules! compare {
    ($($name:ident $op:ident;)*) => {
        $(
            fn $name(vm: &mut Process, args: Args<'_>) -> NativeResult {
                let (a, b) = two(vm, args)?;
                vm.compare(CompareOp::$op, a, b)
            }
        )*
    };
}

compare! { eq Eq; ne Ne; lt Lt; le Le; gt Gt; ge Ge; }

fn getattribute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "__getattribute__")?;
    let to = referent(vm, this)?;
    vm.getattr(to, name)
}

fn setattr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name, value]) = vm.method_args::<2>(args, "__setattr__")?;
    let to = referent(vm, this)?;
    vm.setattr(to, name, value)?;
    Ok(Value::NONE)
}

fn delattr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "__delattr__")?;
    let to = referent(vm, this)?;
    vm.delattr(to, name)?;
    Ok(Value::NONE)
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let at = vm.address(this);
    let text = match vm.weak_referent(this) {
        Some(to) => {
            let class = vm.type_of(to);
            format!(
                "<weakproxy at {at}; to '{}' at {}>",
                vm.dotted_type_name(class),
                vm.address(to)
            )
        }
        None => format!("<weakproxy at {at}; dead>"),
    };
    Ok(vm.new_str(&text))
}

fn str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    vm.str(to)
}

fn bool(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    Ok(Value::from_bool(vm.truth(to)?))
}

fn len(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    let n = vm.len(to)?;
    Ok(vm.new_int(n as i64))
}

fn getitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = vm.method_args::<1>(args, "__getitem__")?;
    let to = referent(vm, this)?;
    vm.getitem(to, key)
}

fn setitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key, value]) = vm.method_args::<2>(args, "__setitem__")?;
    let to = referent(vm, this)?;
    vm.setitem(to, key, value)?;
    Ok(Value::NONE)
}

fn delitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = vm.method_args::<1>(args, "__delitem__")?;
    let to = referent(vm, this)?;
    vm.delitem(to, key)?;
    Ok(Value::NONE)
}

fn contains(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = vm.method_args::<1>(args, "__contains__")?;
    let to = vm.once(|vm| referent(vm, this))?;
    Ok(Value::from_bool(vm.contains(to, key)?))
}

fn iter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = vm.once(|vm| referent(vm, args.this()))?;
    vm.get_iter(to)
}

fn next(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    if !vm.is_iterator(to) {
        return Err(vm.type_error("Weakref proxy referenced a non-iterator"));
    }
    Ok(vm.iter_next(to)?.unwrap_or(Value::NULL))
}

fn negative(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    vm.unary_negative(to)
}

fn positive(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    vm.unary_positive(to)
}

fn invert(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    vm.unary_invert(to)
}

fn absolute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    vm.absolute(to)
}

fn forwarded(vm: &mut Process, args: Args<'_>, name: Value) -> NativeResult {
    let to = referent(vm, args.this())?;
    match vm.call_special(to, name, &[])? {
        Some(result) => Ok(result),
        None => Err(vm.attribute_error(to, name)),
    }
}

fn int(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forwarded(vm, args, names::INT)
}

fn float(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forwarded(vm, args, names::FLOAT)
}

fn index(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forwarded(vm, args, names::INDEX)
}

fn bytes(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    let bytes = vm.bytes_of_any(to)?;
    Ok(vm.new_bytes(&bytes))
}

fn reversed(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    vm.tail_call(core::REVERSED, &[to])
}

fn call(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let to = referent(vm, args.this())?;
    vm.tail_call_kw(to, args.rest())
}

static SHARED: [Native; 29] = [
    Native::method("__bytes__", bytes),
    Native::method("__reversed__", reversed),
    Native::method("__getattribute__", getattribute),
    Native::method("__setattr__", setattr),
    Native::method("__delattr__", delattr),
    Native::method("__repr__", repr),
    Native::method("__str__", str),
    Native::method("__bool__", bool),
    Native::method("__len__", len),
    Native::method("__getitem__", getitem),
    Native::method("__setitem__", setitem),
    Native::method("__delitem__", delitem),
    Native::method("__contains__", contains),
    Native::method("__iter__", iter),
    Native::method("__next__", next),
    Native::method("__eq__", eq),
    Native::method("__ne__", ne),
    Native::method("__lt__", lt),
    Native::method("__le__", le),
    Native::method("__gt__", gt),
    Native::method("__ge__", ge),
    Native::method("__mod__", modulo),
    Native::method("__neg__", negative),
    Native::method("__pos__", positive),
    Native::method("__invert__", invert),
    Native::method("__abs__", absolute),
    Native::method("__int__", int),
    Native::method("__float__", float),
    Native::method("__index__", index),
];

static CALL: [Native; 1] = [Native::method("__call__", call)];

const fn entry(name: &'static str, members: &'static [&'static [Native]]) -> TypeDef {
    TypeDef {
        name,
        module: "weakref",
        base: Some(TypeRef::Core(core::OBJECT)),
        layout: Layout::Closed,
        flags: 0,
        members,
        doc: "",
        finish: None,
    }
}

/// `weakref.ProxyType`
pub static PROXY: TypeDef = entry("ProxyType", &[&SHARED, OPERATORS]);
/// `weakref.CallableProxyType`
pub static CALLABLE_PROXY: TypeDef = entry("CallableProxyType", &[&SHARED, OPERATORS, &CALL]);
