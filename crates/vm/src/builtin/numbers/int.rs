//! The types `int` and `bool`: their tables, constructors and methods. Arithmetic is in `int_arith`, text in `int_text`.

use super::big_work::{decimal_ns, linear_ns, power_ns};
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, Zero};
use std::cmp::Ordering;

/// `int`
pub static INT: TypeDef = TypeDef {
    name: "int",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Int,
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::MATCH_SELF,
    members: &[SLOTS, REFLECTED, METHODS],
    doc: "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\nare given.",
    finish: None,
};

/// `bool`
pub static BOOL: TypeDef = TypeDef {
    name: "bool",
    module: "builtins",
    base: Some(TypeRef::Core(core::INT)),
    layout: Layout::Int,
    flags: type_flags::IMMUTABLE | type_flags::MATCH_SELF,
    members: &[BOOL_MEMBERS],
    doc: "Returns True when the argument is true, False otherwise.\nThe builtins True and False are the only two instances of the class bool.\nThe class bool is a subclass of the class int, and cannot be subclassed.",
    finish: None,
};

macro_rules! slot {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| {
            let (a, b) = vm.slot2(args)?;
            if !vm.is_int(a) {
                return Err(vm.wrong_self($name, "int", a));
            }
            let f: fn(&mut Process, Value, Value) -> NativeResult = $f;
            f(vm, a, b)
        })
        .sig("($self, value, /)")
    };
}

macro_rules! unary {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| {
            let a = vm.slot1(args)?;
            if !vm.is_int(a) {
                return Err(vm.wrong_self($name, "int", a));
            }
            let f: fn(&mut Process, Value) -> NativeResult = $f;
            f(vm, a)
        })
        .sig("($self, /)")
    };
}

fn compare(vm: &Process, a: Value, b: Value, holds: fn(Ordering) -> bool) -> NativeResult {
    if !vm.is_int(a) || !vm.is_int(b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let order = vm.number_compare(a, b).flatten().unwrap_or(Ordering::Equal);
    Ok(Value::from_bool(holds(order)))
}

const SLOTS: &[Native] = &[
    Native::static_method("__new__", new_int),
    slot!("__add__", |vm, a, b| Ok(vm.int_add(a, b))),
    slot!("__sub__", |vm, a, b| Ok(vm.int_sub(a, b))),
    slot!("__mul__", |vm, a, b| vm.int_mul(a, b)),
    slot!("__floordiv__", |vm, a, b| vm.int_floordiv(a, b)),
    slot!("__mod__", |vm, a, b| vm.int_mod(a, b)),
    slot!("__divmod__", |vm, a, b| vm.int_divmod(a, b)),
    slot!("__truediv__", |vm, a, b| vm.int_truediv(a, b)),
    slot!("__lshift__", |vm, a, b| vm.int_lshift(a, b)),
    slot!("__rshift__", |vm, a, b| vm.int_rshift(a, b)),
    slot!("__and__", |vm, a, b| Ok(vm.int_and(a, b))),
    slot!("__or__", |vm, a, b| Ok(vm.int_or(a, b))),
    slot!("__xor__", |vm, a, b| Ok(vm.int_xor(a, b))),
    Native::method("__pow__", pow).sig("($self, value, mod=None, /)"),
    slot!("__lt__", |vm, a, b| compare(vm, a, b, Ordering::is_lt)),
    slot!("__le__", |vm, a, b| compare(vm, a, b, Ordering::is_le)),
    slot!("__eq__", |vm, a, b| compare(vm, a, b, Ordering::is_eq)),
    slot!("__ne__", |vm, a, b| compare(vm, a, b, Ordering::is_ne)),
    slot!("__gt__", |vm, a, b| compare(vm, a, b, Ordering::is_gt)),
    slot!("__ge__", |vm, a, b| compare(vm, a, b, Ordering::is_ge)),
    unary!("__neg__", |vm, a| Ok(vm.int_neg(a))),
    unary!("__pos__", |vm, a| Ok(vm.plain_int(a))),
    unary!("__abs__", |vm, a| Ok(vm.int_abs(a))),
    unary!("__invert__", |vm, a| Ok(vm.int_invert(a))),
    unary!("__bool__", |vm, a| Ok(Value::from_bool(vm.as_i64(a) != Some(0)))),
    unary!("__int__", |vm, a| Ok(vm.plain_int(a))),
    unary!("__index__", |vm, a| Ok(vm.plain_int(a))),
    unary!("__float__", |vm, a| {
        let f = vm.int_to_f64(a)?;
        Ok(vm.new_float(f))
    }),
    unary!("__hash__", |vm, a| {
        if let Some(n) = vm.big(a).filter(|_| !a.is_small()) {
            let ns = linear_ns(n.bits());
            vm.charge(ns);
        }
        let h = vm.payload_hash(a).unwrap_or_default();
        Ok(vm.new_int(h))
    }),
    unary!("__repr__", |vm, a| {
        let text = vm.int_repr(a)?;
        Ok(vm.new_str(&text))
    }),
];

const REFLECTED: &[Native] = &[
    slot!("__radd__", |vm, a, b| Ok(vm.int_add(b, a))),
    slot!("__rsub__", |vm, a, b| Ok(vm.int_sub(b, a))),
    slot!("__rmul__", |vm, a, b| vm.int_mul(b, a)),
    slot!("__rfloordiv__", |vm, a, b| vm.int_floordiv(b, a)),
    slot!("__rmod__", |vm, a, b| vm.int_mod(b, a)),
    slot!("__rdivmod__", |vm, a, b| vm.int_divmod(b, a)),
    slot!("__rtruediv__", |vm, a, b| vm.int_truediv(b, a)),
    slot!("__rlshift__", |vm, a, b| vm.int_lshift(b, a)),
    slot!("__rrshift__", |vm, a, b| vm.int_rshift(b, a)),
    slot!("__rand__", |vm, a, b| Ok(vm.int_and(b, a))),
    slot!("__ror__", |vm, a, b| Ok(vm.int_or(b, a))),
    slot!("__rxor__", |vm, a, b| Ok(vm.int_xor(b, a))),
    Native::method("__rpow__", |vm, args| {
        vm.between(args.rest(), "__rpow__", 1, 2)?;
        let (a, b) = (args.this(), args.get(1).unwrap_or(Value::NULL));
        vm.int_power(b, a, args.get(2).unwrap_or(Value::NONE))
    })
    .sig("($self, value, mod=None, /)"),
];

const METHODS: &[Native] = &[
    unary!("__trunc__", |vm, a| Ok(vm.plain_int(a))),
    unary!("__floor__", |vm, a| Ok(vm.plain_int(a))),
    unary!("__ceil__", |vm, a| Ok(vm.plain_int(a))),
    unary!("conjugate", |vm, a| Ok(vm.plain_int(a))),
    unary!("bit_length", |vm, a| {
        let bits = vm.big(a).map_or(0, |n| n.bits());
        Ok(vm.new_int(bits as i64))
    }),
    unary!("bit_count", |vm, a| {
        let ones = vm.big(a).map_or(0, |n| n.magnitude().count_ones());
        Ok(vm.new_int(ones as i64))
    }),
    unary!("is_integer", |_, _| Ok(Value::TRUE)),
    unary!("as_integer_ratio", |vm, a| {
        let n = vm.plain_int(a);
        Ok(vm.new_tuple(vec![n, Value::from_i32(1)]))
    }),
    unary!("__getnewargs__", |vm, a| {
        let n = vm.plain_int(a);
        Ok(vm.new_tuple(vec![n]))
    }),
    unary!("__sizeof__", |vm, a| {
        let bits = vm.big(a).map_or(0, |n| n.bits());
        Ok(vm.new_int((24 + 4 * bits.div_ceil(30).max(1)) as i64))
    }),
    Native::method("__round__", round).sig("($self, ndigits=None, /)"),
    Native::method("__format__", format).sig("($self, format_spec, /)"),
    Native::method("to_bytes", to_bytes).sig("($self, /, length=1, byteorder='big', *, signed=False)"),
    Native::class_method("from_bytes", from_bytes).sig("($type, /, bytes, byteorder='big', *, signed=False)"),
    Native::getter("real", |vm, args| Ok(vm.plain_int(args.this()))),
    Native::getter("numerator", |vm, args| Ok(vm.plain_int(args.this()))),
    Native::getter("imag", |_, _| Ok(Value::from_i32(0))),
    Native::getter("denominator", |_, _| Ok(Value::from_i32(1))),
];

const BOOL_MEMBERS: &[Native] = &[
    Native::static_method("__new__", new_bool),
    Native::method("__repr__", |vm, args| {
        let a = vm.slot1(args)?;
        match a.as_bool() {
            Some(b) => Ok(vm.intern(if b { "True" } else { "False" })),
            None => Err(vm.wrong_self("__repr__", "bool", a)),
        }
    })
    .sig("($self, /)"),
    slot!("__and__", |vm, a, b| Ok(match (a.as_bool(), b.as_bool()) {
        (Some(x), Some(y)) => Value::from_bool(x & y),
        _ => vm.int_and(a, b),
    })),
    slot!("__or__", |vm, a, b| Ok(match (a.as_bool(), b.as_bool()) {
        (Some(x), Some(y)) => Value::from_bool(x | y),
        _ => vm.int_or(a, b),
    })),
    slot!("__xor__", |vm, a, b| Ok(match (a.as_bool(), b.as_bool()) {
        (Some(x), Some(y)) => Value::from_bool(x ^ y),
        _ => vm.int_xor(a, b),
    })),
    slot!("__rand__", |vm, a, b| Ok(match (a.as_bool(), b.as_bool()) {
        (Some(x), Some(y)) => Value::from_bool(x & y),
        _ => vm.int_and(a, b),
    })),
    slot!("__ror__", |vm, a, b| Ok(match (a.as_bool(), b.as_bool()) {
        (Some(x), Some(y)) => Value::from_bool(x | y),
        _ => vm.int_or(a, b),
    })),
    slot!("__rxor__", |vm, a, b| Ok(match (a.as_bool(), b.as_bool()) {
        (Some(x), Some(y)) => Value::from_bool(x ^ y),
        _ => vm.int_xor(a, b),
    })),
];

fn new_bool(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.class_argument(args, core::BOOL)?;
    let rest = args.rest();
    vm.between(rest, "bool", 0, 1)?;
    match rest.get(0) {
        None => Ok(Value::FALSE),
        Some(v) => Ok(Value::from_bool(vm.truth(v)?)),
    }
}

fn new_int(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = vm.class_argument(args, core::INT)?;
    if class == core::BOOL {
        return Err(vm.type_error("int.__new__(bool) is not safe, use bool.__new__()"));
    }
    if args.len() > 3 {
        vm.between(Args::positional(args.rest().pos), "int", 0, 2)?;
    }
    let [x, base] = vm.bind(args.rest(), "int", ["", "base"], 0)?;
    let value = match (x, base) {
        (None, None) => Value::from_i32(0),
        (None, Some(_)) => return Err(vm.type_error("int() missing string argument")),
        (Some(x), None) => vm.int_of_any(x)?,
        (Some(x), Some(base)) => {
            let base = vm.index_big(base)?;
            let base = super::compare::clamp_to_i64(&base);
            if base != 0 && !(2..=36).contains(&base) {
                return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
            }
            let text = matches!(vm.heap.object(x), Some(Obj::Str(_) | Obj::Bytes(_) | Obj::ByteArray(_)));
            let found = if text { vm.int_of_text(x, base as u32)? } else { None };
            match found {
                Some(v) => v,
                None => return Err(vm.type_error("int() can't convert non-string with explicit base")),
            }
        }
    };
    if class == core::INT {
        return Ok(vm.plain_int(value));
    }
    let n = vm.as_bigint(value).unwrap_or_default();
    Ok(vm.new_of_class(class, Obj::int(n)))
}

/// The warning about a method that answers with an instance of a subclass of int.
pub fn not_quite_int(method: &str, class: &str) -> String {
    format!(
        "{method} returned non-int (type {class}).  The ability to return an instance of a strict subclass of int is deprecated, and \
         may be removed in a future version of Python."
    )
}

impl Process {
    /// `int(x)`
    pub fn int_of_any(&mut self, x: Value) -> NativeResult {
        if self.is_exact(x, core::INT) || x.as_bool().is_some() {
            return Ok(self.plain_int(x));
        }
        if let Some(f) = self.as_float(x).filter(|_| self.is_exact(x, core::FLOAT)) {
            return self.int_of_f64(f);
        }
        if let Some(v) = self.call_special(x, crate::names::INT, &[])? {
            if self.is_exact(v, core::INT) {
                return Ok(v);
            }
            if self.is_int(v) {
                let name = self.type_name(v);
                self.warn(core::DEPRECATION_WARNING, &not_quite_int("__int__", &name))?;
                return Ok(self.plain_int(v));
            }
            let name = self.type_name(v);
            return Err(self.type_error(&format!("__int__ returned non-int (type {name})")));
        }
        let index = self.special(x, crate::names::INDEX)?;
        if index.is_some() {
            let n = self.index_big(x)?;
            return Ok(self.new_big(n));
        }
        if let Some(v) = self.int_of_text(x, 10)? {
            return Ok(v);
        }
        let name = self.type_name(x);
        Err(self.type_error(&format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{name}'"
        )))
    }

    /// The whole part of a float as an int.
    pub fn int_of_f64(&mut self, f: f64) -> NativeResult {
        if f.is_nan() {
            return Err(self.value_error("cannot convert float NaN to integer"));
        }
        if f.is_infinite() {
            return Err(self.overflow_error("cannot convert float infinity to integer"));
        }
        if f.abs() < 4e18 {
            return Ok(self.new_int(f as i64));
        }
        Ok(self.new_big(super::compare::float_to_big(f)))
    }

    /// `int(text, base)` of a str or bytes-like value; `None` for others.
    fn int_of_text(&mut self, x: Value, base: u32) -> NativeResult<Option<Value>> {
        let n = if let Some(s) = self.as_pystr(x).cloned() {
            self.int_from_text(&s.lossy(), base, |_| {
                let shown: rustpython_wtf8::Wtf8Buf = s.wtf8().code_points().take(200).collect();
                crate::builtin::text::str_repr(&shown).to_string_lossy().into_owned()
            })?
        } else if self.is_one_piece(x) {
            let bytes = self.buffer_bytes(x)?;
            let text: String = bytes.iter().map(|&b| b as char).collect();
            let text = text.replace(|c: char| !c.is_ascii(), "?");
            self.int_from_text(&text, base, |_| crate::builtin::text::bytes_repr(&bytes))?
        } else {
            return Ok(None);
        };
        Ok(Some(n))
    }

    /// `abs(a)` of an int.
    pub fn int_abs(&mut self, a: Value) -> Value {
        let negative = match self.as_i64(a) {
            Some(n) => n < 0,
            None => self.big(a).is_some_and(|n| n.is_negative()),
        };
        if negative { self.int_neg(a) } else { self.plain_int(a) }
    }

    /// `pow(a, b, m)`, where `m` may be None.
    pub fn int_power(&mut self, a: Value, b: Value, m: Value) -> NativeResult {
        if m.is_none() {
            self.int_pow(a, b)
        } else {
            self.int_pow_mod(a, b, m)
        }
    }
}

fn pow(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.between(args.rest(), "__pow__", 1, 2)?;
    vm.int_power(
        args.this(),
        args.get(1).unwrap_or(Value::NULL),
        args.get(2).unwrap_or(Value::NONE),
    )
}

fn round(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [digits] = vm.bind(args.rest(), "__round__", [""], 0)?;
    let digits = match digits {
        None | Some(Value::NONE) => return Ok(vm.plain_int(this)),
        Some(v) => vm.index_big(v)?,
    };
    if !digits.is_negative() {
        return Ok(vm.plain_int(this));
    }
    let n = vm.as_bigint(this).unwrap_or_default();
    let places = -super::compare::clamp_to_i64(&digits).max(-i64::MAX);
    // 10**places beyond twice the number rounds it to zero.
    if places as u64 > n.bits() + 2 {
        return Ok(Value::from_i32(0));
    }
    let ns = power_ns(n.bits()).saturating_add(decimal_ns(n.bits()));
    vm.long_work(ns, |p| {
        let unit = BigInt::from(10).pow(places as u32);
        let (q, r) = n.div_mod_floor(&unit);
        let up = match (&r * 2i32).cmp(&unit) {
            Ordering::Greater => true,
            Ordering::Equal => q.is_odd(),
            Ordering::Less => false,
        };
        Ok(p.new_big((q + i32::from(up)) * unit))
    })
}

fn format(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [spec]) = vm.method_args(args, "int.__format__")?;
    vm.format_int(this, spec)
}

fn order_argument(vm: &mut Process, order: Option<Value>) -> NativeResult<bool> {
    let Some(order) = order else { return Ok(true) };
    match vm.as_str(order) {
        Some("big") => Ok(true),
        Some("little") => Ok(false),
        Some(_) => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
        None => {
            let name = vm.type_name(order);
            Err(vm.type_error(&format!("to_bytes() argument 'byteorder' must be str, not {name}")))
        }
    }
}

fn to_bytes(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [length, order, signed] = vm.bind(args.rest(), "to_bytes", ["length", "byteorder", "*signed"], 0)?;
    let length = match length {
        None => 1,
        Some(v) => vm.index_i64(v)?,
    };
    let big_endian = order_argument(vm, order)?;
    let signed = match signed {
        None => false,
        Some(v) => vm.truth(v)?,
    };
    let Ok(length) = usize::try_from(length) else {
        return Err(vm.value_error("length argument must be non-negative"));
    };
    vm.check_size(length as u64)?;
    let n = vm.as_bigint(this).unwrap_or_default();
    vm.charge(linear_ns(n.bits()).saturating_mul(4));
    if n.is_negative() && !signed {
        return Err(vm.overflow_error("can't convert negative int to unsigned"));
    }
    let mut bytes = if signed {
        n.to_signed_bytes_le()
    } else {
        n.magnitude().to_bytes_le()
    };
    let filler = if n.is_negative() { 0xFF } else { 0 };
    // The shortest form of zero is one byte too many for a length of zero.
    while bytes.len() > length && n.is_zero() {
        bytes.pop();
    }
    if bytes.len() > length {
        return Err(vm.overflow_error("int too big to convert"));
    }
    bytes.resize(length, filler);
    if big_endian {
        bytes.reverse();
    }
    Ok(vm.new_bytes(&bytes))
}

fn from_bytes(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let [bytes, order, signed] = vm.bind(args.rest(), "from_bytes", ["bytes", "byteorder", "*signed"], 1)?;
    let big_endian = order_argument(vm, order)?;
    let signed = match signed {
        None => false,
        Some(v) => vm.truth(v)?,
    };
    let mut bytes = vm.bytes_of_any(bytes.unwrap_or(Value::NULL))?;
    vm.charge(linear_ns(8 * bytes.len() as u64).saturating_mul(4));
    if big_endian {
        bytes.reverse();
    }
    let n = if signed {
        BigInt::from_signed_bytes_le(&bytes)
    } else {
        BigInt::from_bytes_le(Sign::Plus, &bytes)
    };
    let n = vm.new_big(n);
    if class == core::INT {
        return Ok(n);
    }
    vm.tail_call(class, &[n])
}
