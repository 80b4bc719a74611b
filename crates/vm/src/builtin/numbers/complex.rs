//! The type `complex`.

use super::float_text::{format_float_repr, parse_float, without_underscores};
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

/// `complex`
pub static COMPLEX: TypeDef = TypeDef {
    name: "complex",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Complex,
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE,
    members: &[SLOTS, METHODS],
    doc: "Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\nIf a single number is given, convert it to a complex number.\nIf the 'real' or 'imag' arguments are given, create a complex number\nwith the specified real and imaginary components.",
    finish: None,
};

/// Real and imaginary part.
type C = (f64, f64);

impl Process {
    /// A `complex`.
    pub fn new_complex(&mut self, re: f64, im: f64) -> Value {
        self.heap.alloc(core::COMPLEX, Obj::Complex(re, im))
    }

    /// The parts of a `complex` or of a subclass.
    pub fn as_complex(&self, v: Value) -> Option<C> {
        match self.heap.object(v)? {
            Obj::Complex(re, im) => Some((*re, *im)),
            _ => None,
        }
    }
}

/// A number as an operand: `None` when it is none.
fn operand(vm: &mut Process, v: Value) -> NativeResult<Option<C>> {
    if let Some(c) = vm.as_complex(v) {
        return Ok(Some(c));
    }
    if let Some(f) = vm.as_float(v) {
        return Ok(Some((f, 0.0)));
    }
    if vm.is_int(v) {
        return Ok(Some((vm.int_to_f64(v)?, 0.0)));
    }
    Ok(None)
}

fn binary(vm: &mut Process, a: Value, b: Value, op: fn(&mut Process, C, C) -> NativeResult) -> NativeResult {
    let (Some(x), Some(y)) = (operand(vm, a)?, operand(vm, b)?) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    op(vm, x, y)
}

macro_rules! slot {
    ($name:literal, $op:expr) => {
        Native::method($name, |vm, args| {
            let (a, b) = vm.slot2(args)?;
            binary(vm, a, b, $op)
        })
        .sig("($self, value, /)")
    };
    (reflected $name:literal, $op:expr) => {
        Native::method($name, |vm, args| {
            let (a, b) = vm.slot2(args)?;
            binary(vm, b, a, $op)
        })
        .sig("($self, value, /)")
    };
}

macro_rules! unary {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| {
            let this = vm.slot1(args)?;
            let Some(c) = vm.as_complex(this) else {
                return Err(vm.wrong_self($name, "complex", this));
            };
            let f: fn(&mut Process, C) -> NativeResult = $f;
            f(vm, c)
        })
        .sig("($self, /)")
    };
}

fn add(vm: &mut Process, x: C, y: C) -> NativeResult {
    Ok(vm.new_complex(x.0 + y.0, x.1 + y.1))
}

fn sub(vm: &mut Process, x: C, y: C) -> NativeResult {
    Ok(vm.new_complex(x.0 - y.0, x.1 - y.1))
}

fn multiply(x: C, y: C) -> C {
    (x.0 * y.0 - x.1 * y.1, x.0 * y.1 + x.1 * y.0)
}

fn mul(vm: &mut Process, x: C, y: C) -> NativeResult {
    let (re, im) = multiply(x, y);
    Ok(vm.new_complex(re, im))
}

/// Division after Smith (1962), as CPython does it: scaled by the larger part of the divisor. `None` for a zero divisor.
fn divide(a: C, b: C) -> Option<C> {
    if b.0.abs() >= b.1.abs() {
        if b.0 == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let d = b.0 + b.1 * ratio;
        return Some(((a.0 + a.1 * ratio) / d, (a.1 - a.0 * ratio) / d));
    }
    if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let d = b.0 * ratio + b.1;
        return Some(((a.0 * ratio + a.1) / d, (a.1 * ratio - a.0) / d));
    }
    Some((f64::NAN, f64::NAN))
}

fn div(vm: &mut Process, x: C, y: C) -> NativeResult {
    match divide(x, y) {
        Some((re, im)) => Ok(vm.new_complex(re, im)),
        None => Err(vm.zero_division("division by zero")),
    }
}

/// `x ** y`: by repeated multiplication for small whole exponents, otherwise by polar coordinates.
pub fn power(vm: &mut Process, x: C, y: C) -> NativeResult {
    let small = y.1 == 0.0 && y.0 == y.0.floor() && y.0.abs() <= 100.0;
    let result = if small {
        whole_power(x, y.0 as i32)
    } else {
        polar_power(x, y)
    };
    match result {
        None => Err(vm.zero_division("zero to a negative or complex power")),
        Some((re, im)) if (re.is_infinite() || im.is_infinite()) && x.0.is_finite() && x.1.is_finite() => {
            Err(vm.overflow_error("complex exponentiation"))
        }
        Some((re, im)) => Ok(vm.new_complex(re, im)),
    }
}

fn whole_power(x: C, n: i32) -> Option<C> {
    let mut result = (1.0, 0.0);
    let mut square = x;
    let mut bits = n.unsigned_abs();
    while bits > 0 {
        if bits & 1 == 1 {
            result = multiply(result, square);
        }
        square = multiply(square, square);
        bits >>= 1;
    }
    if n < 0 {
        divide((1.0, 0.0), result)
    } else {
        Some(result)
    }
}

fn polar_power(x: C, y: C) -> Option<C> {
    if y == (0.0, 0.0) {
        return Some((1.0, 0.0));
    }
    if x == (0.0, 0.0) {
        return if y.1 != 0.0 || y.0 < 0.0 {
            None
        } else {
            Some((0.0, 0.0))
        };
    }
    let size = libm::hypot(x.0, x.1);
    let mut length = super::exact::pow(size, y.0);
    let at = libm::atan2(x.1, x.0);
    let mut phase = at * y.0;
    if y.1 != 0.0 {
        length *= super::exact::exp(-at * y.1);
        phase += y.1 * super::exact::log(size);
    }
    Some((length * libm::cos(phase), length * libm::sin(phase)))
}

fn pow(vm: &mut Process, args: Args<'_>, reflected: bool) -> NativeResult {
    vm.between(args.rest(), "__pow__", 1, 2)?;
    if args.get(2).is_some_and(|m| !m.is_none()) {
        return Err(vm.value_error("complex modulo"));
    }
    let (a, b) = (args.this(), args.get(1).unwrap_or(Value::NULL));
    let (a, b) = if reflected { (b, a) } else { (a, b) };
    binary(vm, a, b, power)
}

fn equal(vm: &mut Process, a: Value, b: Value) -> Option<bool> {
    let (re, im) = vm.as_complex(a)?;
    if let Some((re2, im2)) = vm.as_complex(b) {
        return Some(re == re2 && im == im2);
    }
    if let Some(f) = vm.as_float(b) {
        return Some(im == 0.0 && re == f);
    }
    if !vm.is_int(b) {
        return None;
    }
    let re = vm.new_float(re);
    Some(im == 0.0 && vm.number_compare(re, b) == Some(Some(std::cmp::Ordering::Equal)))
}

const SLOTS: &[Native] = &[
    Native::static_method("__new__", new_complex),
    slot!("__add__", add),
    slot!(reflected "__radd__", add),
    slot!("__sub__", sub),
    slot!(reflected "__rsub__", sub),
    slot!("__mul__", mul),
    slot!(reflected "__rmul__", mul),
    slot!("__truediv__", div),
    slot!(reflected "__rtruediv__", div),
    Native::method("__pow__", |vm, args| pow(vm, args, false)).sig("($self, value, mod=None, /)"),
    Native::method("__rpow__", |vm, args| pow(vm, args, true)).sig("($self, value, mod=None, /)"),
    Native::method("__eq__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        Ok(equal(vm, a, b).map_or(Value::NOT_IMPLEMENTED, Value::from_bool))
    }),
    Native::method("__ne__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        Ok(equal(vm, a, b).map_or(Value::NOT_IMPLEMENTED, |e| Value::from_bool(!e)))
    }),
    unary!("__neg__", |vm, c| Ok(vm.new_complex(-c.0, -c.1))),
    unary!("__pos__", |vm, c| Ok(vm.new_complex(c.0, c.1))),
    unary!("__abs__", |vm, c| {
        let size = libm::hypot(c.0, c.1);
        if size.is_infinite() && c.0.is_finite() && c.1.is_finite() {
            return Err(vm.overflow_error("absolute value too large"));
        }
        Ok(vm.new_float(size))
    }),
    unary!("__bool__", |_, c| Ok(Value::from_bool(c != (0.0, 0.0)))),
    unary!("__complex__", |vm, c| Ok(vm.new_complex(c.0, c.1))),
    Native::method("__hash__", |vm, args| {
        let this = vm.slot1(args)?;
        let h = vm.payload_hash(this).unwrap_or_default();
        Ok(vm.new_int(h))
    }),
    unary!("__repr__", |vm, c| Ok(vm.new_str(&complex_repr(c.0, c.1)))),
];

const METHODS: &[Native] = &[
    unary!("conjugate", |vm, c| Ok(vm.new_complex(c.0, -c.1))),
    unary!("__getnewargs__", |vm, c| {
        let (re, im) = (vm.new_float(c.0), vm.new_float(c.1));
        Ok(vm.new_tuple(vec![re, im]))
    }),
    Native::method("__format__", |vm, args| {
        let (this, [spec]) = vm.method_args(args, "complex.__format__")?;
        vm.format_complex(this, spec)
    }),
    Native::class_method("from_number", |vm, args| {
        let (class, [x]) = vm.method_args(args, "complex.from_number")?;
        if class == core::COMPLEX && vm.is_exact(x, core::COMPLEX) {
            return Ok(x);
        }
        let (re, im) = match complex_number(vm, x)? {
            Some(c) => c,
            None => (vm.float_of(x)?, 0.0),
        };
        let c = vm.new_complex(re, im);
        if class == core::COMPLEX {
            Ok(c)
        } else {
            vm.tail_call(class, &[c])
        }
    }),
    Native::getter("real", |vm, args| {
        let c = vm.as_complex(args.this()).unwrap_or_default();
        Ok(vm.new_float(c.0))
    }),
    Native::getter("imag", |vm, args| {
        let c = vm.as_complex(args.this()).unwrap_or_default();
        Ok(vm.new_float(c.1))
    }),
];

/// `repr` of a complex number.
pub fn complex_repr(re: f64, im: f64) -> String {
    let part = |f: f64| {
        let text = format_float_repr(f);
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    if re == 0.0 && !re.is_sign_negative() {
        return format!("{}j", part(im));
    }
    let sign = if im.is_sign_negative() && !im.is_nan() { "" } else { "+" };
    format!("({}{sign}{}j)", part(re), part(im))
}

/// A complex number out of `complex` and what has `__complex__`; `None` for others.
fn complex_number(vm: &mut Process, x: Value) -> NativeResult<Option<C>> {
    if let Some(c) = vm.as_complex(x) {
        return Ok(Some(c));
    }
    if vm.as_float(x).is_some() || vm.is_int(x) {
        return Ok(None);
    }
    match vm.call_special(x, crate::names::COMPLEX, &[])? {
        None => Ok(None),
        Some(v) => match vm.as_complex(v) {
            Some(c) => Ok(Some(c)),
            None => {
                let name = vm.type_name(v);
                Err(vm.type_error(&format!("__complex__() must return a complex, not {name}")))
            }
        },
    }
}

fn is_real(vm: &mut Process, x: Value) -> NativeResult<bool> {
    Ok(vm.as_float(x).is_some()
        || vm.is_int(x)
        || vm.special(x, crate::names::FLOAT)?.is_some()
        || vm.special(x, crate::names::INDEX)?.is_some())
}

fn new_complex(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = vm.class_argument(args, core::COMPLEX)?;
    let [real, imag] = vm.bind(args.rest(), "complex", ["real", "imag"], 0)?;
    if let (Some(x), None, true) = (real, imag, class == core::COMPLEX)
        && vm.is_exact(x, core::COMPLEX)
    {
        return Ok(x);
    }
    let (re, im) = match (real, imag) {
        (Some(x), None) => one_argument(vm, x)?,
        _ => {
            let re = part(vm, real, "real")?;
            let im = part(vm, imag, "imag")?;
            // Complex parts are deprecated, but mean what algebra says; without one, zeros keep their signs.
            let minus = |a: f64, b: f64| if b == 0.0 { a } else { a - b };
            (minus(re.0, im.1), minus(im.0, -re.1))
        }
    };
    Ok(vm.new_of_class(class, Obj::Complex(re, im)))
}

fn one_argument(vm: &mut Process, x: Value) -> NativeResult<C> {
    if let Some(s) = vm.as_pystr(x).cloned() {
        let text = super::int_text::to_ascii_digits(&s.lossy()).into_owned();
        return match parse_complex(&text) {
            Some(c) => Ok(c),
            None => Err(vm.value_error("complex() arg is a malformed string")),
        };
    }
    if let Some(c) = complex_number(vm, x)? {
        return Ok(c);
    }
    if !is_real(vm, x)? {
        let name = vm.type_name(x);
        return Err(vm.type_error(&format!("complex() argument must be a string or a number, not {name}")));
    }
    Ok((vm.float_of(x)?, 0.0))
}

fn part(vm: &mut Process, x: Option<Value>, name: &str) -> NativeResult<C> {
    let Some(x) = x else { return Ok((0.0, 0.0)) };
    if let Some(c) = vm.as_complex(x) {
        return Ok(c);
    }
    if vm.as_pystr(x).is_some() || !is_real(vm, x)? {
        let given = vm.type_name(x);
        let message = format!("complex() argument '{name}' must be a real number, not {given}");
        return Err(vm.type_error(&message));
    }
    Ok((vm.float_of(x)?, 0.0))
}

/// `complex(text)`: `re`, `imj` or `re±imj`, in parentheses or not.
fn parse_complex(text: &str) -> Option<C> {
    let space = super::int_text::is_ascii_space;
    let mut text = text.trim_matches(space);
    if let Some(inner) = text.strip_prefix('(') {
        text = inner.strip_suffix(')')?.trim_matches(space);
    }
    if text.contains(space) {
        return None;
    }
    let text = if text.contains('_') {
        without_underscores(text)?
    } else {
        text.to_owned()
    };
    let Some(body) = text.strip_suffix(['j', 'J']) else {
        return Some((parse_float(&text)?, 0.0));
    };
    // The sign of the imaginary part is the last one that is not part of an exponent.
    let bytes = body.as_bytes();
    let split = (0..bytes.len())
        .rev()
        .find(|&i| matches!(bytes[i], b'+' | b'-') && (i == 0 || !matches!(bytes[i - 1], b'e' | b'E')));
    let (re, im) = match split {
        None => ("", body),
        Some(at) => body.split_at(at),
    };
    let imaginary = match im {
        "" | "+" => 1.0,
        "-" => -1.0,
        im => parse_float(im)?,
    };
    let real = if re.is_empty() { 0.0 } else { parse_float(re)? };
    Some((real, imaginary))
}
