//! The module `math`. Functions of one real number come from the `libm` crate, so that native and wasm give the same bits.

mod gamma;
mod integer;
mod sums;

use heddle_vm::builtin::numbers::exact;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::object::Obj;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;
use num_traits::{Signed, ToPrimitive};

/// `math`
pub static MODULE: ModuleDef = ModuleDef {
    name: "math",
    doc: "This module provides access to the mathematical functions\ndefined by the C standard.",
    functions: FUNCTIONS,
    types: &[],
    init: Some(|vm, dict| {
        let constants = [
            ("pi", std::f64::consts::PI),
            ("e", std::f64::consts::E),
            ("tau", std::f64::consts::TAU),
            ("inf", f64::INFINITY),
            ("nan", f64::NAN),
        ];
        for (name, x) in constants {
            let (name, x) = (vm.intern(name), vm.new_float(x));
            vm.dict_set_str(dict, name, x);
        }
        Ok(())
    }),
};

/// The float a function of one number was given.
fn one(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult<f64> {
    let [x] = vm.exactly(args, name)?;
    vm.float_of(x)
}

/// Two floats.
fn two(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult<(f64, f64)> {
    let [x, y] = vm.exactly(args, name)?;
    Ok((vm.float_of(x)?, vm.float_of(y)?))
}

/// ValueError with the argument shown.
fn domain(vm: &mut Process, expected: &str, x: f64) -> NativeResult {
    let shown = heddle_vm::builtin::numbers::format_float_repr(x);
    Err(vm.value_error(&format!("expected {expected}, got {shown}")))
}

/// The result, or OverflowError when a finite argument gave infinity.
fn ranged(vm: &mut Process, x: f64, result: f64) -> NativeResult {
    if result.is_infinite() && x.is_finite() {
        return Err(vm.overflow_error("math range error"));
    }
    Ok(vm.new_float(result))
}

macro_rules! total {
    ($name:literal, $f:expr) => {
        Native::function($name, |vm, args| {
            let x = one(vm, args, concat!("math.", $name))?;
            let f: fn(f64) -> f64 = $f;
            ranged(vm, x, f(x))
        })
        .sig("(x, /)")
    };
}

macro_rules! partial {
    ($name:literal, $inside:expr, $expected:literal, $f:expr) => {
        Native::function($name, |vm, args| {
            let x = one(vm, args, concat!("math.", $name))?;
            let (inside, f): (fn(f64) -> bool, fn(f64) -> f64) = ($inside, $f);
            if !x.is_nan() && !inside(x) {
                return domain(vm, $expected, x);
            }
            Ok(vm.new_float(f(x)))
        })
        .sig("(x, /)")
    };
}

macro_rules! test {
    ($name:literal, $f:expr) => {
        Native::function($name, |vm, args| {
            let x = one(vm, args, concat!("math.", $name))?;
            let f: fn(f64) -> bool = $f;
            Ok(Value::from_bool(f(x)))
        })
        .sig("(x, /)")
    };
}

macro_rules! function {
    ($name:literal, $signature:literal, $f:expr) => {
        Native::function($name, $f).sig($signature)
    };
}

static FUNCTIONS: &[Native] = &[
    partial!(
        "acos",
        |x| x.abs() <= 1.0,
        "a number in range from -1 up to 1",
        libm::acos
    ),
    partial!(
        "asin",
        |x| x.abs() <= 1.0,
        "a number in range from -1 up to 1",
        libm::asin
    ),
    partial!("acosh", |x| x >= 1.0, "argument value not less than 1", libm::acosh),
    partial!("atanh", |x| x.abs() < 1.0, "a number between -1 and 1", libm::atanh),
    partial!("cos", f64::is_finite, "a finite input", libm::cos),
    partial!("sin", f64::is_finite, "a finite input", libm::sin),
    partial!("tan", f64::is_finite, "a finite input", libm::tan),
    partial!("sqrt", |x| x >= 0.0, "a nonnegative input", f64::sqrt),
    partial!("log1p", |x| x > -1.0, "argument value > -1", libm::log1p),
    total!("asinh", libm::asinh),
    total!("atan", libm::atan),
    total!("cbrt", libm::cbrt),
    total!("cosh", exact::cosh),
    total!("erf", libm::erf),
    total!("erfc", libm::erfc),
    total!("exp", exact::exp),
    total!("exp2", libm::exp2),
    total!("expm1", libm::expm1),
    total!("fabs", f64::abs),
    total!("sinh", exact::sinh),
    total!("tanh", libm::tanh),
    total!("degrees", |x| x * (180.0 / std::f64::consts::PI)),
    total!("radians", |x| x * (std::f64::consts::PI / 180.0)),
    test!("isfinite", f64::is_finite),
    test!("isinf", f64::is_infinite),
    test!("isnan", f64::is_nan),
    function!("gamma", "(x, /)", gamma::gamma),
    function!("lgamma", "(x, /)", gamma::lgamma),
    function!("log", "(x[, base])", log),
    function!("log2", "(x, /)", |vm, args| {
        let [x] = vm.exactly(args, "math.log2")?;
        let log = logarithm(vm, x, libm::log2, 1.0)?;
        Ok(vm.new_float(log))
    }),
    function!("log10", "(x, /)", |vm, args| {
        let [x] = vm.exactly(args, "math.log10")?;
        let log = logarithm(vm, x, libm::log10, std::f64::consts::LOG10_2)?;
        Ok(vm.new_float(log))
    }),
    function!("atan2", "(y, x, /)", |vm, args| {
        let (y, x) = two(vm, args, "atan2")?;
        Ok(vm.new_float(libm::atan2(y, x)))
    }),
    function!("copysign", "(x, y, /)", |vm, args| {
        let (x, y) = two(vm, args, "copysign")?;
        Ok(vm.new_float(x.copysign(y)))
    }),
    function!("pow", "(x, y, /)", pow),
    function!("fmod", "(x, y, /)", |vm, args| {
        let (x, y) = two(vm, args, "fmod")?;
        let r = if y.is_infinite() && x.is_finite() {
            x
        } else {
            libm::fmod(x, y)
        };
        undefined_unless_nan(vm, r, x, y)
    }),
    function!("remainder", "(x, y, /)", |vm, args| {
        let (x, y) = two(vm, args, "remainder")?;
        let r = if y.is_infinite() && x.is_finite() {
            x
        } else {
            libm::remainder(x, y)
        };
        undefined_unless_nan(vm, r, x, y)
    }),
    function!("ldexp", "(x, i, /)", ldexp),
    function!("frexp", "(x, /)", |vm, args| {
        let x = one(vm, args, "math.frexp")?;
        let (m, e) = if x.is_finite() { libm::frexp(x) } else { (x, 0) };
        let m = vm.new_float(m);
        Ok(vm.new_tuple(vec![m, Value::from_i32(e)]))
    }),
    function!("modf", "(x, /)", |vm, args| {
        let x = one(vm, args, "math.modf")?;
        let whole = x.trunc();
        let fraction = if x.is_infinite() {
            0.0f64.copysign(x)
        } else {
            (x - whole).copysign(x)
        };
        let (fraction, whole) = (vm.new_float(fraction), vm.new_float(whole));
        Ok(vm.new_tuple(vec![fraction, whole]))
    }),
    function!("floor", "(x, /)", |vm, args| {
        let [x] = vm.exactly(args, "math.floor")?;
        rounded(vm, x, names::FLOOR, f64::floor)
    }),
    function!("ceil", "(x, /)", |vm, args| {
        let [x] = vm.exactly(args, "math.ceil")?;
        rounded(vm, x, names::CEIL, f64::ceil)
    }),
    function!("trunc", "(x, /)", |vm, args| {
        let [x] = vm.exactly(args, "math.trunc")?;
        if let Some(f) = vm.as_float(x).filter(|_| vm.is_exact(x, core::FLOAT)) {
            return vm.int_of_f64(f);
        }
        match vm.call_special(x, names::TRUNC, &[])? {
            Some(n) => Ok(n),
            None => {
                let name = vm.type_name(x);
                Err(vm.type_error(&format!("type {name} doesn't define __trunc__ method")))
            }
        }
    }),
    function!("isclose", "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose),
    function!("nextafter", "(x, y, /, *, steps=None)", nextafter),
    function!("ulp", "(x, /)", |vm, args| {
        let x = one(vm, args, "math.ulp")?;
        let size = x.abs();
        let ulp = if !x.is_finite() {
            size
        } else if size == f64::MAX {
            size - size.next_down()
        } else {
            size.next_up() - size
        };
        Ok(vm.new_float(ulp))
    }),
    function!("fma", "(x, y, z, /)", fma),
    function!("fsum", "(seq, /)", sums::fsum),
    function!("prod", "(iterable, /, *, start=1)", sums::prod),
    function!("sumprod", "(p, q, /)", sums::sumprod),
    function!("dist", "(p, q, /)", sums::dist),
    function!("hypot", "(*coordinates)", sums::hypot),
    function!("factorial", "(n, /)", integer::factorial),
    function!("comb", "(n, k, /)", integer::comb),
    function!("perm", "(n, k=None, /)", integer::perm),
    function!("gcd", "(*integers)", integer::gcd),
    function!("lcm", "(*integers)", integer::lcm),
    function!("isqrt", "(n, /)", integer::isqrt),
];

/// A NaN that no argument was is a domain error.
fn undefined_unless_nan(vm: &mut Process, r: f64, x: f64, y: f64) -> NativeResult {
    if r.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(vm.value_error("math domain error"));
    }
    Ok(vm.new_float(r))
}

/// A logarithm of an int of any size or of a float; `of_two` is the logarithm of 2.
fn logarithm(vm: &mut Process, x: Value, f: fn(f64) -> f64, of_two: f64) -> NativeResult<f64> {
    if vm.is_int(x) {
        let n = vm.as_bigint(x).unwrap_or_default();
        if !n.is_positive() {
            return Err(vm.value_error("expected a positive input"));
        }
        if let Some(x) = n.to_f64().filter(|x| x.is_finite()) {
            return Ok(f(x));
        }
        let shift = n.bits() - 64;
        let top = (n >> shift).to_f64().unwrap_or(1.0);
        return Ok(f(top) + shift as f64 * of_two);
    }
    let x = vm.float_of(x)?;
    if x <= 0.0 {
        domain(vm, "a positive input", x)?;
    }
    Ok(f(x))
}

fn log(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.between(args, "log", 1, 2)?;
    let ln2 = std::f64::consts::LN_2;
    let top = logarithm(vm, args.get(0).unwrap_or(Value::NULL), exact::log, ln2)?;
    let Some(base) = args.get(1) else {
        return Ok(vm.new_float(top));
    };
    let bottom = logarithm(vm, base, exact::log, ln2)?;
    if bottom == 0.0 {
        return Err(vm.zero_division("division by zero"));
    }
    Ok(vm.new_float(top / bottom))
}

fn pow(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (x, y) = two(vm, args, "pow")?;
    let r = exact::pow(x, y);
    if x.is_finite() && y.is_finite() {
        if r.is_nan() || (r.is_infinite() && x == 0.0) {
            return Err(vm.value_error("math domain error"));
        }
        if r.is_infinite() {
            return Err(vm.overflow_error("math range error"));
        }
    }
    Ok(vm.new_float(r))
}

fn ldexp(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [x, e] = vm.exactly(args, "ldexp")?;
    let x = vm.float_of(x)?;
    if !vm.is_int(e) {
        return Err(vm.type_error("Expected an int as second argument to ldexp."));
    }
    let e = vm.as_bigint(e).unwrap_or_default();
    let e = e.to_i32().unwrap_or(if e.is_negative() { i32::MIN } else { i32::MAX });
    let e = e.clamp(-5000, 5000);
    ranged(vm, x, libm::ldexp(x, e))
}

fn rounded(vm: &mut Process, x: Value, special: Value, f: fn(f64) -> f64) -> NativeResult {
    if let Some(x) = vm.as_float(x).filter(|_| vm.is_exact(x, core::FLOAT)) {
        return vm.int_of_f64(f(x));
    }
    if let Some(n) = vm.call_special(x, special, &[])? {
        return Ok(n);
    }
    let x = vm.float_of(x)?;
    vm.int_of_f64(f(x))
}

fn isclose(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b, relative, absolute] = vm.bind(args, "isclose", ["a", "b", "*rel_tol", "*abs_tol"], 2)?;
    let a = vm.float_of(a.unwrap_or(Value::NULL))?;
    let b = vm.float_of(b.unwrap_or(Value::NULL))?;
    let relative = match relative {
        Some(v) => vm.float_of(v)?,
        None => 1e-9,
    };
    let absolute = match absolute {
        Some(v) => vm.float_of(v)?,
        None => 0.0,
    };
    if relative < 0.0 || absolute < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(Value::FALSE);
    }
    let difference = (b - a).abs();
    let close = difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute;
    Ok(Value::from_bool(close))
}

fn nextafter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [x, y, steps] = vm.bind(args, "nextafter", ["", "", "*steps"], 2)?;
    let x = vm.float_of(x.unwrap_or(Value::NULL))?;
    let y = vm.float_of(y.unwrap_or(Value::NULL))?;
    let steps = match steps {
        None | Some(Value::NONE) => 1,
        Some(v) => {
            let n = vm.index_big(v)?;
            if n.is_negative() {
                return Err(vm.value_error("steps must be a non-negative integer"));
            }
            n.to_u64().unwrap_or(u64::MAX)
        }
    };
    if steps == 0 {
        return Ok(vm.new_float(x));
    }
    if x.is_nan() || y.is_nan() {
        return Ok(vm.new_float(x + y));
    }
    // Floats in order as integers: the sign's half mirrored.
    let ordered = |x: f64| {
        let bits = x.to_bits() as i64;
        i128::from(if bits < 0 { i64::MIN - bits } else { bits })
    };
    let (from, to) = (ordered(x), ordered(y));
    let distance = (to - from).unsigned_abs();
    if u128::from(steps) >= distance {
        // Zero is reached with the sign of the side it is reached from.
        let reached = if y == 0.0 && x != 0.0 { y.copysign(x) } else { y };
        return Ok(vm.new_float(reached));
    }
    let at = if to > from {
        from + i128::from(steps)
    } else {
        from - i128::from(steps)
    };
    let at = at as i64;
    let bits = if at < 0 { i64::MIN - at } else { at };
    let bits = if at == 0 && x < 0.0 { i64::MIN } else { bits };
    Ok(vm.new_float(f64::from_bits(bits as u64)))
}

fn fma(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [x, y, z] = vm.exactly(args, "fma")?;
    let (x, y, z) = (vm.float_of(x)?, vm.float_of(y)?, vm.float_of(z)?);
    let r = libm::fma(x, y, z);
    if r.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(vm.value_error("invalid operation in fma"));
    }
    if r.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(vm.overflow_error("overflow in fma"));
    }
    Ok(vm.new_float(r))
}

/// A float without calling Python code, if the value is an exact float or an int that fits.
fn plain_float(vm: &Process, v: Value) -> Option<f64> {
    match vm.as_float(v) {
        Some(x) => Some(x),
        None => match vm.heap.object(v) {
            Some(Obj::Wide(n)) => Some(Obj::wide_value(*n) as f64),
            Some(Obj::Long(n)) => n.to_big().to_f64(),
            Some(Obj::Int(n)) => n.to_f64().filter(|x| x.is_finite()),
            _ => vm.as_i64(v).map(|n| n as f64),
        },
    }
}
