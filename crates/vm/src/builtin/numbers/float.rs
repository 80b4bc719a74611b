//! The type `float`: its table, constructor and methods. Text is in `float_text`, arithmetic here.

use super::float_text;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use num_bigint::BigInt;
use std::cmp::Ordering;

/// `float`
pub static FLOAT: TypeDef = TypeDef {
    name: "float",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Float,
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::MATCH_SELF,
    members: &[ARITHMETIC, COMPARISONS, METHODS],
    doc: "Convert a string or number to a floating-point number, if possible.",
    finish: None,
};

const ZERO_DIVISION: &str = "division by zero";

/// Both operands as floats; `None` when one is neither float nor int.
fn operands(vm: &mut Process, a: Value, b: Value) -> NativeResult<Option<(f64, f64)>> {
    let one = |vm: &mut Process, v: Value| match vm.as_float(v) {
        Some(f) => Ok(Some(f)),
        None if vm.is_int(v) => vm.int_to_f64(v).map(Some),
        None => Ok(None),
    };
    let Some(x) = one(vm, a)? else { return Ok(None) };
    Ok(one(vm, b)?.map(|y| (x, y)))
}

macro_rules! arithmetic {
    ($name:literal, $a:ident, $b:ident, $x:ident, $y:ident => $f:ident) => {
        Native::method($name, |vm, args| {
            let ($a, $b) = vm.slot2(args)?;
            match operands(vm, $x, $y)? {
                Some((x, y)) => vm.$f(x, y),
                None => Ok(Value::NOT_IMPLEMENTED),
            }
        })
        .sig("($self, value, /)")
    };
}

macro_rules! unary {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| {
            if args.pos.len() != 1 && !$name.starts_with("__") {
                vm.method_args::<0>(args, concat!("float.", $name))?;
            }
            let this = vm.slot1(args)?;
            let Some(x) = vm.as_float(this) else {
                return Err(vm.wrong_self($name, "float", this));
            };
            let f: fn(&mut Process, f64, Value) -> NativeResult = $f;
            f(vm, x, this)
        })
        .sig("($self, /)")
    };
}

macro_rules! compare {
    ($name:literal, $holds:expr) => {
        Native::method($name, |vm, args| {
            let (a, b) = vm.slot2(args)?;
            let holds: fn(Option<Ordering>) -> bool = $holds;
            Ok(vm
                .number_compare(a, b)
                .map_or(Value::NOT_IMPLEMENTED, |order| Value::from_bool(holds(order))))
        })
        .sig("($self, value, /)")
    };
}

const ARITHMETIC: &[Native] = &[
    Native::static_method("__new__", new_float),
    arithmetic!("__add__", a, b, a, b => float_add),
    arithmetic!("__radd__", a, b, b, a => float_add),
    arithmetic!("__sub__", a, b, a, b => float_sub),
    arithmetic!("__rsub__", a, b, b, a => float_sub),
    arithmetic!("__mul__", a, b, a, b => float_mul),
    arithmetic!("__rmul__", a, b, b, a => float_mul),
    arithmetic!("__truediv__", a, b, a, b => float_div),
    arithmetic!("__rtruediv__", a, b, b, a => float_div),
    arithmetic!("__floordiv__", a, b, a, b => float_floordiv),
    arithmetic!("__rfloordiv__", a, b, b, a => float_floordiv),
    arithmetic!("__mod__", a, b, a, b => float_mod),
    arithmetic!("__rmod__", a, b, b, a => float_mod),
    arithmetic!("__divmod__", a, b, a, b => float_divmod),
    arithmetic!("__rdivmod__", a, b, b, a => float_divmod),
    Native::method("__pow__", |vm, args| power(vm, args, false)).sig("($self, value, mod=None, /)"),
    Native::method("__rpow__", |vm, args| power(vm, args, true)).sig("($self, value, mod=None, /)"),
    unary!("__neg__", |vm, x, _| Ok(vm.new_float(-x))),
    unary!("__pos__", |vm, x, _| Ok(vm.new_float(x))),
    unary!("__abs__", |vm, x, _| Ok(vm.new_float(x.abs()))),
    unary!("__bool__", |_, x, _| Ok(Value::from_bool(x != 0.0))),
    unary!("__int__", |vm, x, _| vm.int_of_f64(x)),
    unary!("__trunc__", |vm, x, _| vm.int_of_f64(x)),
    unary!("__floor__", |vm, x, _| vm.int_of_f64(x.floor())),
    unary!("__ceil__", |vm, x, _| vm.int_of_f64(x.ceil())),
    unary!("__float__", |vm, x, this| Ok(if vm.is_exact(this, core::FLOAT) {
        this
    } else {
        vm.new_float(x)
    })),
];

const COMPARISONS: &[Native] = &[
    compare!("__lt__", |o| o == Some(Ordering::Less)),
    compare!("__le__", |o| matches!(o, Some(Ordering::Less | Ordering::Equal))),
    compare!("__eq__", |o| o == Some(Ordering::Equal)),
    compare!("__ne__", |o| o != Some(Ordering::Equal)),
    compare!("__gt__", |o| o == Some(Ordering::Greater)),
    compare!("__ge__", |o| matches!(o, Some(Ordering::Greater | Ordering::Equal))),
    unary!("__hash__", |vm, x, this| {
        let h = crate::protocol::hash_float(x, vm.identity_hash(this));
        Ok(vm.new_int(h))
    }),
    unary!("__repr__", |vm, x, _| Ok(vm.new_str(&float_text::format_float_repr(x)))),
];

const METHODS: &[Native] = &[
    unary!("conjugate", |vm, x, _| Ok(vm.new_float(x))),
    unary!("is_integer", |_, x, _| Ok(Value::from_bool(
        x.is_finite() && x.fract() == 0.0
    ))),
    unary!("hex", |vm, x, _| Ok(vm.new_str(&float_text::to_hex(x)))),
    unary!("as_integer_ratio", |vm, x, _| as_integer_ratio(vm, x)),
    unary!("__getnewargs__", |vm, x, _| {
        let x = vm.new_float(x);
        Ok(vm.new_tuple(vec![x]))
    }),
    Native::class_method("fromhex", from_hex).sig("($type, string, /)"),
    Native::class_method("from_number", from_number).sig("($type, number, /)"),
    Native::class_method("__getformat__", |vm, args| {
        let (_, [kind]) = vm.method_args(args, "float.__getformat__")?;
        if vm.as_pystr(kind).is_none() {
            let name = vm.type_name(kind);
            return Err(vm.type_error(&format!("__getformat__() argument must be str, not {name}")));
        }
        match vm.as_str(kind) {
            Some("double" | "float") => Ok(vm.new_str("IEEE, little-endian")),
            _ => Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'")),
        }
    }),
    Native::method("__round__", round).sig("($self, ndigits=None, /)"),
    Native::method("__format__", |vm, args| {
        let (this, [spec]) = vm.method_args(args, "float.__format__")?;
        vm.format_float(this, spec)
    })
    .sig("($self, format_spec, /)"),
    Native::getter("real", |vm, args| {
        let x = vm.as_float(args.this()).unwrap_or_default();
        Ok(vm.new_float(x))
    }),
    Native::getter("imag", |vm, _| Ok(vm.new_float(0.0))),
];

impl Process {
    fn float_add(&mut self, x: f64, y: f64) -> NativeResult {
        Ok(self.new_float(x + y))
    }

    fn float_sub(&mut self, x: f64, y: f64) -> NativeResult {
        Ok(self.new_float(x - y))
    }

    fn float_mul(&mut self, x: f64, y: f64) -> NativeResult {
        Ok(self.new_float(x * y))
    }

    /// `x / y`
    pub fn float_div(&mut self, x: f64, y: f64) -> NativeResult {
        if y == 0.0 {
            return Err(self.zero_division(ZERO_DIVISION));
        }
        Ok(self.new_float(x / y))
    }

    /// `x // y`
    pub fn float_floordiv(&mut self, x: f64, y: f64) -> NativeResult {
        let (q, _) = self.float_quotient(x, y)?;
        Ok(self.new_float(q))
    }

    /// `x % y`
    pub fn float_mod(&mut self, x: f64, y: f64) -> NativeResult {
        let (_, r) = self.float_quotient(x, y)?;
        Ok(self.new_float(r))
    }

    /// `divmod(x, y)`
    pub fn float_divmod(&mut self, x: f64, y: f64) -> NativeResult {
        let (q, r) = self.float_quotient(x, y)?;
        let (q, r) = (self.new_float(q), self.new_float(r));
        Ok(self.new_tuple(vec![q, r]))
    }

    /// Quotient and rest; the rest has the divisor's sign, the quotient is a whole number even where `x / y` rounds up to one.
    fn float_quotient(&mut self, x: f64, y: f64) -> NativeResult<(f64, f64)> {
        if y == 0.0 {
            return Err(self.zero_division(ZERO_DIVISION));
        }
        let mut rest = libm::fmod(x, y);
        let mut quotient = (x - rest) / y;
        if rest == 0.0 {
            rest = 0.0f64.copysign(y);
        } else if (y < 0.0) != (rest < 0.0) {
            rest += y;
            quotient -= 1.0;
        }
        let whole = if quotient == 0.0 {
            0.0f64.copysign(x / y)
        } else {
            let floor = quotient.floor();
            if quotient - floor > 0.5 { floor + 1.0 } else { floor }
        };
        Ok((whole, rest))
    }

    /// `x ** y`; a complex number for a negative base and a broken exponent.
    pub fn float_pow(&mut self, x: f64, y: f64) -> NativeResult {
        if x == 0.0 && y < 0.0 && y.is_finite() {
            return Err(self.zero_division("zero to a negative power"));
        }
        if x < 0.0 && x.is_finite() && y.is_finite() && y != y.floor() {
            return super::complex::power(self, (x, 0.0), (y, 0.0));
        }
        let power = super::exact::pow(x, y);
        if power.is_infinite() && x.is_finite() && y.is_finite() {
            let number = Value::from_i32(crate::errno::ERANGE);
            let text = self.new_str("Numerical result out of range");
            let args = self.new_tuple(vec![number, text]);
            let exception = crate::object::Exception::new(args);
            let error = self
                .heap
                .alloc(core::OVERFLOW_ERROR, Obj::Exception(Box::new(exception)));
            return Err(crate::native::Unwind::Raise(error));
        }
        Ok(self.new_float(power))
    }

    /// A float of a class that may be a subclass.
    fn float_of_class(&mut self, class: Value, f: f64) -> NativeResult {
        if class == core::FLOAT {
            return Ok(self.new_float(f));
        }
        let f = self.new_float(f);
        self.tail_call(class, &[f])
    }
}

fn power(vm: &mut Process, args: Args<'_>, reflected: bool) -> NativeResult {
    vm.between(args.rest(), "__pow__", 1, 2)?;
    let (a, b) = (args.this(), args.get(1).unwrap_or(Value::NULL));
    let (a, b) = if reflected { (b, a) } else { (a, b) };
    if args.get(2).is_some_and(|m| !m.is_none()) {
        return Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    match operands(vm, a, b)? {
        Some((x, y)) => vm.float_pow(x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn new_float(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = vm.class_argument(args, core::FLOAT)?;
    let rest = vm.own_keywords(args.rest(), class, core::FLOAT, crate::names::INIT);
    if class == core::FLOAT || !rest.kw.is_empty() {
        vm.between(rest, "float", 0, 1)?;
    }
    let f = match rest.get(0) {
        None => 0.0,
        Some(x) if vm.is_exact(x, core::FLOAT) && class == core::FLOAT => return Ok(x),
        Some(x) => vm.float_of_any(x)?,
    };
    if class == core::FLOAT {
        return Ok(vm.new_float(f));
    }
    Ok(vm.new_of_class(class, Obj::Float(f)))
}

impl Process {
    /// `float(x)`
    pub fn float_of_any(&mut self, x: Value) -> NativeResult<f64> {
        let own = !self.is_exact(x, core::STR) && self.as_pystr(x).is_some();
        if own && let Some(result) = self.call_special(x, crate::names::FLOAT, &[])? {
            return self.float_result(x, result);
        }
        if let Some(s) = self.as_pystr(x).cloned() {
            let text = super::int_text::to_ascii_digits(&s.lossy()).into_owned();
            return match float_text::parse_float(&text) {
                Some(f) => Ok(f),
                None => {
                    let shown = crate::builtin::text::str_repr(s.wtf8()).to_string_lossy().into_owned();
                    Err(self.value_error(&format!("could not convert string to float: {shown}")))
                }
            };
        }
        if self.is_one_piece(x) {
            let bytes = self.buffer_bytes(x)?;
            let parsed = std::str::from_utf8(&bytes).ok().and_then(float_text::parse_float);
            return match parsed {
                Some(f) => Ok(f),
                None => {
                    let shown = crate::builtin::text::bytes_repr(&bytes);
                    Err(self.value_error(&format!("could not convert string to float: {shown}")))
                }
            };
        }
        if let Some(f) = self.as_float(x).filter(|_| self.is_exact(x, core::FLOAT)) {
            return Ok(f);
        }
        if self.is_exact(x, core::INT) || x.as_bool().is_some() {
            return self.int_to_f64(x);
        }
        if self.special(x, crate::names::FLOAT)?.is_none() && self.special(x, crate::names::INDEX)?.is_none() {
            let name = self.type_name(x);
            return Err(self.type_error(&format!(
                "float() argument must be a string or a real number, not '{name}'"
            )));
        }
        // A subclass of float may have a `__float__` of its own.
        if self.as_float(x).is_some()
            && let Some(result) = self.call_special(x, crate::names::FLOAT, &[])?
        {
            return self.float_result(x, result);
        }
        self.float_of(x)
    }
}

fn from_number(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (class, [x]) = vm.method_args(args, "float.from_number")?;
    if class == core::FLOAT && vm.is_exact(x, core::FLOAT) {
        return Ok(x);
    }
    let f = vm.float_of(x)?;
    vm.float_of_class(class, f)
}

fn from_hex(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (class, [text]) = vm.method_args(args, "float.fromhex")?;
    let Some(s) = vm.as_pystr(text).cloned() else {
        let name = vm.type_name(text);
        return Err(vm.type_error(&format!("fromhex() argument must be str, not {name}")));
    };
    match float_text::from_hex(&s.lossy()) {
        Ok(f) => vm.float_of_class(class, f),
        Err(float_text::HexError::Invalid) => Err(vm.value_error("invalid hexadecimal floating-point string")),
        Err(float_text::HexError::TooLarge) => {
            Err(vm.overflow_error("hexadecimal value too large to represent as a float"))
        }
    }
}

/// The exact fraction: numerator and denominator as ints.
fn as_integer_ratio(vm: &mut Process, x: f64) -> NativeResult {
    if x.is_nan() {
        return Err(vm.value_error("cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(vm.overflow_error("cannot convert Infinity to integer ratio"));
    }
    let (mut m, mut e) = libm::frexp(x);
    while m != m.trunc() {
        m *= 2.0;
        e -= 1;
    }
    let mut numerator = super::compare::float_to_big(m);
    let mut denominator = BigInt::from(1);
    if e > 0 {
        numerator <<= e as u32;
    } else {
        denominator <<= e.unsigned_abs();
    }
    let (n, d) = (vm.new_big(numerator), vm.new_big(denominator));
    Ok(vm.new_tuple(vec![n, d]))
}

fn round(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    vm.between(args.rest(), "__round__", 0, 1)?;
    let Some(x) = vm.as_float(this) else {
        return Err(vm.wrong_self("__round__", "float", this));
    };
    let digits = match args.get(1) {
        None | Some(Value::NONE) => return vm.int_of_f64(x.round_ties_even()),
        Some(v) => super::compare::clamp_to_i64(&vm.index_big(v)?),
    };
    if !x.is_finite() || digits > 323 {
        return Ok(vm.new_float(x));
    }
    if digits < -308 {
        return Ok(vm.new_float(0.0f64.copysign(x)));
    }
    let rounded = float_text::round_decimal(x, digits as i32);
    if rounded.is_infinite() {
        return Err(vm.overflow_error("rounded value too large to represent"));
    }
    Ok(vm.new_float(rounded))
}
