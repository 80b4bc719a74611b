//! `cmath`: elementary functions of complex numbers, by W. Kahan's "Branch cuts for complex elementary functions" and C99's Annex G for
//! infinities and NaNs.

use heddle_vm::builtin::numbers::exact;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;
use std::f64::consts::{FRAC_PI_2, LN_2, PI, TAU};

type C = (f64, f64);

/// Beyond this, squares overflow.
const LARGE: f64 = f64::MAX / 4.0;
const LOG_LARGE: f64 = 708.0;
const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

/// What a function can say besides its value.
enum Trouble {
    Domain,
    Range,
}

type Answer = Result<C, Trouble>;

fn finite((x, y): C) -> bool {
    x.is_finite() && y.is_finite()
}

/// A finite argument whose result overflows is out of range.
fn checked(z: C, result: C) -> Answer {
    if finite(z) && (result.0.is_infinite() || result.1.is_infinite()) {
        return Err(Trouble::Range);
    }
    Ok(result)
}

fn sqrt((x, y): C) -> Answer {
    Ok(match (x, y) {
        (_, y) if y.is_infinite() => (INF, y),
        (x, _) if x.is_nan() => (NAN, NAN),
        (INF, y) => (INF, if y.is_nan() { y } else { 0.0_f64.copysign(y) }),
        (x, y) if x == -INF => {
            if y.is_nan() {
                (NAN, INF)
            } else {
                (0.0, INF.copysign(y))
            }
        }
        (_, y) if y.is_nan() => (NAN, NAN),
        (0.0, 0.0) => (0.0, y),
        _ => {
            let (ax, ay) = (x.abs(), y.abs());
            let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
                // Subnormal parts are scaled up so that no bits are lost.
                let (ax, ay) = (libm::ldexp(ax, 55), libm::ldexp(ay, 55));
                libm::ldexp((ax + libm::hypot(ax, ay)).sqrt(), -28)
            } else {
                let ax = ax / 8.0;
                2.0 * (ax + libm::hypot(ax, ay / 8.0)).sqrt()
            };
            let d = ay / (2.0 * s);
            if x >= 0.0 {
                (s, d.copysign(y))
            } else {
                (d, s.copysign(y))
            }
        }
    })
}

fn exp((x, y): C) -> Answer {
    if !x.is_finite() || !y.is_finite() {
        let result = if x == INF {
            match y {
                0.0 => (INF, y),
                y if y.is_finite() => (INF.copysign(libm::cos(y)), INF.copysign(libm::sin(y))),
                _ => (INF, NAN),
            }
        } else if x == -INF {
            if y.is_finite() {
                (0.0_f64.copysign(libm::cos(y)), 0.0_f64.copysign(libm::sin(y)))
            } else {
                (0.0, 0.0)
            }
        } else if x.is_nan() && y == 0.0 {
            (NAN, y)
        } else {
            (NAN, NAN)
        };
        return if y.is_infinite() && (x.is_finite() || x == INF) {
            Err(Trouble::Domain)
        } else {
            Ok(result)
        };
    }
    let (length, turns) = if x > LOG_LARGE {
        (exact::exp(x - 1.0), std::f64::consts::E)
    } else {
        (exact::exp(x), 1.0)
    };
    checked((x, y), (length * libm::cos(y) * turns, length * libm::sin(y) * turns))
}

fn cosh((x, y): C) -> Answer {
    if !finite((x, y)) {
        let result = if x.is_infinite() {
            match y {
                0.0 => (INF, 0.0_f64.copysign(x) * 1.0_f64.copysign(y)),
                y if y.is_finite() => (INF.copysign(libm::cos(y)), INF.copysign(libm::sin(y) * x)),
                _ => (INF, NAN),
            }
        } else if y == 0.0 || x == 0.0 {
            (NAN, 0.0)
        } else {
            (NAN, NAN)
        };
        return if y.is_infinite() && !x.is_nan() {
            Err(Trouble::Domain)
        } else {
            Ok(result)
        };
    }
    let result = if x.abs() > LOG_LARGE {
        let x1 = x - 1.0_f64.copysign(x);
        let e = std::f64::consts::E;
        (libm::cos(y) * exact::cosh(x1) * e, libm::sin(y) * exact::sinh(x1) * e)
    } else {
        (libm::cos(y) * exact::cosh(x), libm::sin(y) * exact::sinh(x))
    };
    checked((x, y), result)
}

fn sinh((x, y): C) -> Answer {
    if !finite((x, y)) {
        let result = if x.is_infinite() {
            match y {
                0.0 => (x, y),
                y if y.is_finite() => (x.copysign(x * libm::cos(y)), INF.copysign(libm::sin(y))),
                _ => (INF, NAN),
            }
        } else if x.is_nan() && y == 0.0 {
            (NAN, y)
        } else if x == 0.0 {
            (0.0, NAN)
        } else {
            (NAN, NAN)
        };
        return if y.is_infinite() && !x.is_nan() {
            Err(Trouble::Domain)
        } else {
            Ok(result)
        };
    }
    let result = if x.abs() > LOG_LARGE {
        let x1 = x - 1.0_f64.copysign(x);
        let e = std::f64::consts::E;
        (libm::cos(y) * exact::sinh(x1) * e, libm::sin(y) * exact::cosh(x1) * e)
    } else {
        (libm::cos(y) * exact::sinh(x), libm::sin(y) * exact::cosh(x))
    };
    checked((x, y), result)
}

fn tanh((x, y): C) -> Answer {
    if !finite((x, y)) {
        let result = if x.is_infinite() {
            let im = if y.is_finite() {
                0.0_f64.copysign(2.0 * libm::sin(y) * libm::cos(y))
            } else {
                0.0
            };
            (1.0_f64.copysign(x), im)
        } else if x.is_nan() && y == 0.0 {
            (NAN, y)
        } else {
            (NAN, NAN)
        };
        return if y.is_infinite() && x.is_finite() {
            Err(Trouble::Domain)
        } else {
            Ok(result)
        };
    }
    if x.abs() > LOG_LARGE {
        let im = 4.0 * libm::sin(y) * libm::cos(y) * exact::exp(-2.0 * x.abs());
        return Ok((1.0_f64.copysign(x), im));
    }
    let (tx, ty) = (libm::tanh(x), libm::tan(y));
    let cx = 1.0 / exact::cosh(x);
    let product = tx * ty;
    let below = 1.0 + product * product;
    Ok((tx * (1.0 + ty * ty) / below, ty / below * cx * cx))
}

fn log((x, y): C) -> Answer {
    if x == 0.0 && y == 0.0 {
        return Err(Trouble::Domain);
    }
    Ok((log_of_length(x, y), libm::atan2(y, x)))
}

fn log_of_length(x: f64, y: f64) -> f64 {
    let (ax, ay) = (x.abs(), y.abs());
    if ax.is_infinite() || ay.is_infinite() {
        return INF;
    }
    if ax > LARGE || ay > LARGE {
        return exact::log(libm::hypot(ax / 2.0, ay / 2.0)) + LN_2;
    }
    if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return -INF;
        }
        return exact::log(libm::hypot(libm::ldexp(ax, 53), libm::ldexp(ay, 53))) - 53.0 * LN_2;
    }
    let h = libm::hypot(ax, ay);
    if (0.71..=1.73).contains(&h) {
        let (big, small) = if ax > ay { (ax, ay) } else { (ay, ax) };
        return libm::log1p((big - 1.0) * (big + 1.0) + small * small) / 2.0;
    }
    exact::log(h)
}

fn acos((x, y): C) -> Answer {
    if x.is_nan() || y.is_nan() {
        return Ok(match (x, y) {
            (x, _) if x.is_infinite() => (NAN, INF),
            (_, y) if y.is_infinite() => (NAN, -y),
            (0.0, _) => (FRAC_PI_2, NAN),
            _ => (NAN, NAN),
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        let length = log_of_length(x / 2.0, y / 2.0) + LN_2 * 2.0;
        return Ok((libm::atan2(y.abs(), x), -length.copysign(y)));
    }
    let (s1, s2) = (root((1.0 - x, -y)), root((1.0 + x, y)));
    Ok((2.0 * libm::atan2(s1.0, s2.0), libm::asinh(s2.0 * s1.1 - s2.1 * s1.0)))
}

/// The square root of finite parts.
fn root(z: C) -> C {
    sqrt(z).unwrap_or((NAN, NAN))
}

fn acosh((x, y): C) -> Answer {
    if x.is_nan() || y.is_nan() {
        return Ok(match (x, y) {
            (x, y) if x.is_infinite() || y.is_infinite() => (INF, NAN),
            _ => (NAN, NAN),
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        return Ok((log_of_length(x / 2.0, y / 2.0) + LN_2 * 2.0, libm::atan2(y, x)));
    }
    let (s1, s2) = (root((x - 1.0, y)), root((x + 1.0, y)));
    Ok((libm::asinh(s1.0 * s2.0 + s1.1 * s2.1), 2.0 * libm::atan2(s1.1, s2.0)))
}

fn asinh((x, y): C) -> Answer {
    if x.is_nan() || y.is_nan() {
        return Ok(match (x, y) {
            (x, _) if x.is_infinite() => (x, NAN),
            (_, y) if y.is_infinite() => (INF, NAN),
            (_, 0.0) => (NAN, y),
            _ => (NAN, NAN),
        });
    }
    if x.abs() > LARGE || y.abs() > LARGE {
        let length = log_of_length(x / 2.0, y / 2.0) + LN_2 * 2.0;
        return Ok((length.copysign(x), libm::atan2(y, x.abs())));
    }
    let (s1, s2) = (root((1.0 + y, -x)), root((1.0 - y, x)));
    Ok((
        libm::asinh(s1.0 * s2.1 - s2.0 * s1.1),
        libm::atan2(y, s1.0 * s2.0 - s1.1 * s2.1),
    ))
}

fn atanh((x, y): C) -> Answer {
    if x.is_nan() || y.is_nan() {
        return Ok(match (x, y) {
            (x, _) if x.is_infinite() => (0.0_f64.copysign(x), NAN),
            (_, y) if y.is_infinite() => (0.0, FRAC_PI_2.copysign(y)),
            (0.0, _) => (x, NAN),
            _ => (NAN, NAN),
        });
    }
    if x < 0.0 || (x == 0.0 && x.is_sign_negative()) {
        return atanh((-x, -y)).map(|(a, b)| (-a, -b));
    }
    let ay = y.abs();
    let most = LARGE.sqrt();
    if x > most || ay > most {
        let h = libm::hypot(x / 2.0, y / 2.0);
        let re = if finite((x, y)) { x / 4.0 / h / h } else { 0.0 };
        return Ok((re, FRAC_PI_2.copysign(y)));
    }
    if x == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(Trouble::Domain);
        }
        let re = -exact::log((ay.sqrt()) / (libm::hypot(ay, 2.0)).sqrt());
        return Ok((re, (libm::atan2(2.0, -ay) / 2.0).copysign(y)));
    }
    let re = libm::log1p(4.0 * x / ((1.0 - x) * (1.0 - x) + ay * ay)) / 4.0;
    Ok((re, -libm::atan2(-2.0 * y, (1.0 - x) * (1.0 + x) - ay * ay) / 2.0))
}

/// `f(iz) / i` for the circular functions of the hyperbolic ones.
fn turned(f: fn(C) -> Answer, (x, y): C) -> Answer {
    let (re, im) = f((-y, x))?;
    Ok((im, -re))
}

fn argument(p: &mut Process, v: Value) -> NativeResult<C> {
    if let Some(c) = p.as_complex(v) {
        return Ok(c);
    }
    if p.as_float(v).is_none()
        && !p.is_int(v)
        && let Some(made) = p.call_special(v, names::COMPLEX, &[])?
    {
        return match p.as_complex(made) {
            Some(c) => Ok(c),
            None => {
                let name = p.type_name(made);
                Err(p.type_error(&format!("__complex__ returned non-complex (type {name})")))
            }
        };
    }
    Ok((p.float_of(v)?, 0.0))
}

fn answer(p: &mut Process, answer: Answer) -> NativeResult {
    match answer {
        Ok((re, im)) => Ok(p.new_complex(re, im)),
        Err(Trouble::Domain) => Err(p.value_error("math domain error")),
        Err(Trouble::Range) => Err(p.overflow_error("math range error")),
    }
}

fn apply(p: &mut Process, args: Args<'_>, name: &str, f: fn(C) -> Answer) -> NativeResult {
    let [z] = crate::arguments::fixed(p, args, "cmath", name)?;
    let z = argument(p, z)?;
    answer(p, f(z))
}

fn test(p: &mut Process, args: Args<'_>, name: &str, f: fn(C) -> bool) -> NativeResult {
    let [z] = crate::arguments::fixed(p, args, "cmath", name)?;
    Ok(Value::from_bool(f(argument(p, z)?)))
}

fn logarithm(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [z, base] = p.bind(args, "log", ["", ""], 1)?;
    let z = argument(p, z.unwrap_or(Value::NONE))?;
    let Some(base) = base else {
        return answer(p, log(z));
    };
    let base = argument(p, base)?;
    let (Ok(top), Ok(bottom)) = (log(z), log(base)) else {
        return Err(p.value_error("math domain error"));
    };
    let (top, bottom) = (p.new_complex(top.0, top.1), p.new_complex(bottom.0, bottom.1));
    match p.binary(heddle_compiler::BinaryOp::TrueDivide, top, bottom) {
        Err(heddle_vm::native::Unwind::Raise(e)) if p.exception_matches(e, core::ZERO_DIVISION_ERROR) => {
            Err(p.value_error("math domain error"))
        }
        other => other,
    }
}

fn polar(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [z] = crate::arguments::fixed(p, args, "cmath", "polar")?;
    let (x, y) = argument(p, z)?;
    let r = if x.is_infinite() || y.is_infinite() {
        INF
    } else {
        libm::hypot(x, y)
    };
    if finite((x, y)) && r.is_infinite() {
        return Err(p.overflow_error("math range error"));
    }
    let (r, phi) = (p.new_float(r), p.new_float(libm::atan2(y, x)));
    Ok(p.new_tuple(vec![r, phi]))
}

fn rect(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [r, phi] = crate::arguments::fixed(p, args, "cmath", "rect")?;
    let (r, phi) = (p.float_of(r)?, p.float_of(phi)?);
    let result = if r.is_finite() && phi.is_finite() {
        if phi == 0.0 {
            Ok((r, r * phi))
        } else {
            Ok((r * libm::cos(phi), r * libm::sin(phi)))
        }
    } else if phi.is_infinite() && r != 0.0 && !r.is_nan() {
        Err(Trouble::Domain)
    } else if r == 0.0 {
        Ok((0.0, 0.0))
    } else if r.is_infinite() && phi == 0.0 {
        Ok((r, phi.copysign(r * phi.signum())))
    } else if r.is_infinite() && phi.is_finite() {
        Ok((r.copysign(r * libm::cos(phi)), INF.copysign(r * libm::sin(phi))))
    } else if r.is_nan() && phi == 0.0 {
        Ok((NAN, 0.0))
    } else if r.is_infinite() {
        Ok((INF, NAN))
    } else {
        Ok((NAN, NAN))
    };
    answer(p, result)
}

fn isclose(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b, relative, absolute] = p.bind(args, "isclose", ["a", "b", "*rel_tol", "*abs_tol"], 2)?;
    let a = argument(p, a.unwrap_or(Value::NONE))?;
    let b = argument(p, b.unwrap_or(Value::NONE))?;
    let relative = match relative {
        Some(v) => p.float_of(v)?,
        None => 1e-9,
    };
    let absolute = match absolute {
        Some(v) => p.float_of(v)?,
        None => 0.0,
    };
    if relative < 0.0 || absolute < 0.0 {
        return Err(p.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    let infinite = |z: C| z.0.is_infinite() || z.1.is_infinite();
    if infinite(a) || infinite(b) {
        return Ok(Value::FALSE);
    }
    let length = |z: C| libm::hypot(z.0, z.1);
    let difference = length((a.0 - b.0, a.1 - b.1));
    let close = difference <= relative * length(b) || difference <= relative * length(a) || difference <= absolute;
    Ok(Value::from_bool(close))
}

fn init(p: &mut Process, dict: Value) -> NativeResult<()> {
    for (name, x) in [
        ("pi", PI),
        ("e", std::f64::consts::E),
        ("tau", TAU),
        ("inf", INF),
        ("nan", NAN),
    ] {
        let (name, x) = (p.intern(name), p.new_float(x));
        p.dict_set_str(dict, name, x);
    }
    for (name, im) in [("infj", INF), ("nanj", NAN)] {
        let (name, z) = (p.intern(name), p.new_complex(0.0, im));
        p.dict_set_str(dict, name, z);
    }
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "cmath",
    doc: "This module provides access to mathematical functions for complex numbers.",
    functions: &[
        Native::function("sqrt", |p, a| apply(p, a, "sqrt", sqrt)).sig("($module, z, /)"),
        Native::function("exp", |p, a| apply(p, a, "exp", exp)).sig("($module, z, /)"),
        Native::function("log", logarithm).sig("($module, z, base=<unrepresentable>, /)"),
        Native::function("log10", |p, a| {
            apply(p, a, "log10", |z| {
                let (re, im) = log(z)?;
                Ok((re / std::f64::consts::LN_10, im / std::f64::consts::LN_10))
            })
        })
        .sig("($module, z, /)"),
        Native::function("cosh", |p, a| apply(p, a, "cosh", cosh)).sig("($module, z, /)"),
        Native::function("sinh", |p, a| apply(p, a, "sinh", sinh)).sig("($module, z, /)"),
        Native::function("tanh", |p, a| apply(p, a, "tanh", tanh)).sig("($module, z, /)"),
        Native::function("cos", |p, a| apply(p, a, "cos", |(x, y)| cosh((-y, x)))).sig("($module, z, /)"),
        Native::function("sin", |p, a| apply(p, a, "sin", |z| turned(sinh, z))).sig("($module, z, /)"),
        Native::function("tan", |p, a| apply(p, a, "tan", |z| turned(tanh, z))).sig("($module, z, /)"),
        Native::function("acos", |p, a| apply(p, a, "acos", acos)).sig("($module, z, /)"),
        Native::function("acosh", |p, a| apply(p, a, "acosh", acosh)).sig("($module, z, /)"),
        Native::function("asin", |p, a| apply(p, a, "asin", |z| turned(asinh, z))).sig("($module, z, /)"),
        Native::function("asinh", |p, a| apply(p, a, "asinh", asinh)).sig("($module, z, /)"),
        Native::function("atan", |p, a| apply(p, a, "atan", |z| turned(atanh, z))).sig("($module, z, /)"),
        Native::function("atanh", |p, a| apply(p, a, "atanh", atanh)).sig("($module, z, /)"),
        Native::function("phase", |p, a| {
            let [z] = crate::arguments::fixed(p, a, "cmath", "phase")?;
            let (x, y) = argument(p, z)?;
            Ok(p.new_float(libm::atan2(y, x)))
        })
        .sig("($module, z, /)"),
        Native::function("polar", polar).sig("($module, z, /)"),
        Native::function("rect", rect).sig("($module, r, phi, /)"),
        Native::function("isclose", isclose).sig("($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)"),
        Native::function("isfinite", |p, a| test(p, a, "isfinite", finite)).sig("($module, z, /)"),
        Native::function("isnan", |p, a| test(p, a, "isnan", |z| z.0.is_nan() || z.1.is_nan())).sig("($module, z, /)"),
        Native::function("isinf", |p, a| {
            test(p, a, "isinf", |z| z.0.is_infinite() || z.1.is_infinite())
        })
        .sig("($module, z, /)"),
    ],
    types: &[],
    init: Some(init),
};
