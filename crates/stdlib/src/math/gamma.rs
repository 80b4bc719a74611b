//! `gamma` and `lgamma`: Lanczos' approximation with the coefficients that Boost and CPython use (g = 6.0246…, N = 13).

use super::{domain, one};
use heddle_vm::builtin::numbers::exact;
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use std::f64::consts::PI;

const G: f64 = 6.024_680_040_776_73;
const G_MINUS_HALF: f64 = 5.524_680_040_776_73;
const LOG_PI: f64 = 1.144729885849400174143427351353058711647;

const NUMERATOR: [f64; 13] = [
    23_531_376_880.410_76,
    42_919_803_642.649_1,
    35_711_959_237.355_67,
    17_921_034_426.037_21,
    6_039_542_586.352_028,
    1_439_720_407.311_721_6,
    248_874_557.862_054_17,
    31_426_415.585_400_194,
    2_876_370.628_935_372_5,
    186_056.265_395_223_48,
    8_071.672_002_365_816,
    210.824_277_751_579_36,
    2.506_628_274_631_000_2,
];

const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// The rational function of the approximation, `x > 0`. Evaluated from the end that keeps the powers small.
fn lanczos(x: f64) -> f64 {
    let (mut top, mut bottom) = (0.0, 0.0);
    if x < 5.0 {
        for i in (0..NUMERATOR.len()).rev() {
            top = top * x + NUMERATOR[i];
            bottom = bottom * x + DENOMINATOR[i];
        }
    } else {
        for i in 0..NUMERATOR.len() {
            top = top / x + NUMERATOR[i];
            bottom = bottom / x + DENOMINATOR[i];
        }
    }
    top / bottom
}

/// sin(pi x), exact about multiples of one half.
fn sin_pi(x: f64) -> f64 {
    let y = libm::fmod(x.abs(), 2.0);
    let r = match (2.0 * y).round() as i32 {
        0 => libm::sin(PI * y),
        1 => libm::cos(PI * (y - 0.5)),
        2 => libm::sin(PI * (1.0 - y)),
        3 => -libm::cos(PI * (y - 1.5)),
        _ => libm::sin(PI * (y - 2.0)),
    };
    1.0f64.copysign(x) * r
}

const POLE: &str = "a noninteger or positive integer";

pub(super) fn gamma(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let x = one(vm, args, "math.gamma")?;
    if x.is_nan() || x == f64::INFINITY {
        return Ok(vm.new_float(x));
    }
    if x == f64::NEG_INFINITY || (x <= 0.0 && x == x.floor()) {
        return domain(vm, POLE, x);
    }
    let r = gamma_of(x);
    if r.is_infinite() {
        return Err(vm.overflow_error("math range error"));
    }
    Ok(vm.new_float(r))
}

/// Gamma of a finite number that is no pole.
fn gamma_of(x: f64) -> f64 {
    if x == x.floor() && x <= 23.0 {
        // Factorials up to 22! are exact.
        return (1..x as u64).map(|n| n as f64).product();
    }
    let size = x.abs();
    if size < 1e-20 {
        return 1.0 / x;
    }
    if size > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = size + G_MINUS_HALF;
    // What was lost in computing y.
    let lost = if size > G_MINUS_HALF {
        (y - size) - G_MINUS_HALF
    } else {
        (y - G_MINUS_HALF) - size
    };
    let z = lost * G / y;
    if x < 0.0 {
        let mut r = -PI / sin_pi(size) / size * exact::exp(y) / lanczos(size);
        r -= z * r;
        if size < 140.0 {
            return r / exact::pow(y, size - 0.5);
        }
        let root = exact::pow(y, size / 2.0 - 0.25);
        return r / root / root;
    }
    let mut r = lanczos(size) / exact::exp(y);
    r += z * r;
    if size < 140.0 {
        return r * exact::pow(y, size - 0.5);
    }
    let root = exact::pow(y, size / 2.0 - 0.25);
    r * root * root
}

pub(super) fn lgamma(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let x = one(vm, args, "math.lgamma")?;
    if x.is_nan() {
        return Ok(vm.new_float(x));
    }
    if x.is_infinite() {
        return Ok(vm.new_float(f64::INFINITY));
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 {
            domain(vm, POLE, x)
        } else {
            Ok(vm.new_float(0.0))
        };
    }
    let size = x.abs();
    if size < 1e-20 {
        return Ok(vm.new_float(-exact::log(size)));
    }
    let mut r = exact::log(lanczos(size)) - G;
    r += (size - 0.5) * (exact::log(size + G - 0.5) - 1.0);
    if x < 0.0 {
        r = LOG_PI - exact::log(sin_pi(size).abs()) - exact::log(size) - r;
    }
    if r.is_infinite() {
        return Err(vm.overflow_error("math range error"));
    }
    Ok(vm.new_float(r))
}
