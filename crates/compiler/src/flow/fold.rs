//! Arithmetic on constants, as far as CPython's compiler does it, and no further than is the same on every machine.
//!
//! Left to the interpreter: powers of floats (`pow` differs in the last bit between libraries), complex division.

use num_bigint::{BigInt, Sign};
use num_traits::{Pow, Signed, ToPrimitive, Zero};
use rustpython_wtf8::Wtf8Buf;

use crate::code::Const;
use crate::op::{BinaryOp, Ir};

/// Bounds of CPython's compiler: bits of an integer, items of a tuple, characters, items of nested tuples.
const MAX_INT_BITS: u64 = 128;
const MAX_COLLECTION: usize = 256;
const MAX_STRING: usize = 4096;
const MAX_TOTAL_ITEMS: i64 = 1024;

/// An integer in its smallest form.
pub(crate) fn int_const(value: BigInt) -> Const {
    match value.to_i64() {
        Some(small) => Const::Int(small),
        None => Const::BigInt(value),
    }
}

/// Python's truth of a constant.
pub(super) fn is_true(value: &Const) -> bool {
    match value {
        Const::None => false,
        Const::Bool(value) => *value,
        Const::Int(value) => *value != 0,
        Const::Float(value) => *value != 0.0,
        Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
        Const::Str(value) => !value.is_empty(),
        Const::Bytes(value) => !value.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        Const::BigInt(_) | Const::Ellipsis | Const::Slice(_) | Const::Code(_) | Const::Late(_) => true,
    }
}

/// Constants without those that are equal to an earlier one (`1`, `1.0` and `True` are equal).
pub(super) fn distinct(values: Vec<Const>) -> Vec<Const> {
    let mut kept: Vec<Const> = Vec::with_capacity(values.len());
    for value in values {
        if !kept.iter().any(|known| python_equal(known, &value)) {
            kept.push(value);
        }
    }
    kept
}

fn python_equal(left: &Const, right: &Const) -> bool {
    if left == right {
        return true;
    }
    match (Number::of(left), Number::of(right)) {
        (Some(Number::Int(a)), Some(Number::Int(b))) => a == b,
        (Some(Number::Float(a)), Some(Number::Float(b))) => a == b,
        (Some(Number::Int(a)), Some(Number::Float(b))) | (Some(Number::Float(b)), Some(Number::Int(a))) => {
            exact_float(&a) == Some(b)
        }
        _ => false,
    }
}

/// The result of a unary operation.
pub(super) fn fold_unary(op: Ir, value: &Const) -> Option<Const> {
    match op {
        Ir::UnaryNot => Some(Const::Bool(!is_true(value))),
        Ir::UnaryNegative => match value {
            Const::Complex(re, im) => Some(Const::Complex(-re, -im)),
            _ => match Number::of(value)? {
                Number::Int(value) => Some(int_const(-value)),
                Number::Float(value) => Some(Const::Float(-value)),
            },
        },
        // `~True` is deprecated, and warns when it runs.
        Ir::UnaryInvert => match (value, Number::of(value)?) {
            (Const::Bool(_), _) | (_, Number::Float(_)) => None,
            (_, Number::Int(value)) => Some(int_const(-value - 1)),
        },
        Ir::CallIntrinsic1 => match value {
            Const::Complex(..) => Some(value.clone()),
            _ => match Number::of(value)? {
                Number::Int(value) => Some(int_const(value)),
                Number::Float(value) => Some(Const::Float(value)),
            },
        },
        _ => None,
    }
}

/// The result of a binary operation, if the compiler may compute it.
pub(crate) fn fold_binary(op: BinaryOp, left: &Const, right: &Const) -> Option<Const> {
    if op == BinaryOp::Subscr {
        return subscript(left, right);
    }
    if let (Const::Bool(a), Const::Bool(b)) = (left, right) {
        match op {
            BinaryOp::And => return Some(Const::Bool(a & b)),
            BinaryOp::Or => return Some(Const::Bool(a | b)),
            BinaryOp::Xor => return Some(Const::Bool(a ^ b)),
            _ => {}
        }
    }
    if matches!(left, Const::Complex(..)) || matches!(right, Const::Complex(..)) {
        return complex(op, left, right);
    }
    match (Number::of(left), Number::of(right)) {
        (Some(Number::Int(a)), Some(Number::Int(b))) => integer(op, a, b),
        (Some(a), Some(b)) => float(op, a.to_float()?, b.to_float()?),
        _ => sequence(op, left, right),
    }
}

/// A real number.
enum Number {
    Int(BigInt),
    Float(f64),
}

impl Number {
    fn of(value: &Const) -> Option<Number> {
        Some(match value {
            Const::Bool(value) => Number::Int(BigInt::from(i64::from(*value))),
            Const::Int(value) => Number::Int(BigInt::from(*value)),
            Const::BigInt(value) => Number::Int(value.clone()),
            Const::Float(value) => Number::Float(*value),
            _ => return None,
        })
    }

    fn to_float(&self) -> Option<f64> {
        match self {
            Number::Int(value) => exact_float(value),
            Number::Float(value) => Some(*value),
        }
    }
}

/// The float that is exactly this integer.
fn exact_float(value: &BigInt) -> Option<f64> {
    let small = value.to_i64()?;
    (small.unsigned_abs() <= 1 << 53).then_some(small as f64)
}

fn integer(op: BinaryOp, a: BigInt, b: BigInt) -> Option<Const> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => {
            if !a.is_zero() && !b.is_zero() && a.bits() + b.bits() > MAX_INT_BITS {
                return None;
            }
            a * b
        }
        BinaryOp::TrueDivide => {
            let (a, b) = (exact_float(&a)?, exact_float(&b)?);
            return (b != 0.0).then_some(Const::Float(a / b));
        }
        BinaryOp::FloorDivide | BinaryOp::Remainder => {
            if b.is_zero() {
                return None;
            }
            let (quotient, remainder) = num_integer::Integer::div_mod_floor(&a, &b);
            if op == BinaryOp::FloorDivide {
                quotient
            } else {
                remainder
            }
        }
        BinaryOp::Power => {
            if b.is_negative() {
                return None;
            }
            let exponent = b.to_u32()?;
            if !a.is_zero() && exponent > 0 && a.bits() > MAX_INT_BITS / u64::from(exponent) {
                return None;
            }
            Pow::pow(a, exponent)
        }
        BinaryOp::Lshift => {
            let shift = b.to_u64()?;
            if !a.is_zero() && (shift > MAX_INT_BITS || a.bits() > MAX_INT_BITS - shift) {
                return None;
            }
            if a.is_zero() { a } else { a << shift }
        }
        BinaryOp::Rshift => {
            if b.is_negative() {
                return None;
            }
            match b.to_u64() {
                Some(shift) if shift < a.bits() => a >> shift,
                _ if a.sign() == Sign::Minus => BigInt::from(-1),
                _ => BigInt::zero(),
            }
        }
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        _ => return None,
    };
    Some(int_const(value))
}

fn float(op: BinaryOp, a: f64, b: f64) -> Option<Const> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::TrueDivide if b != 0.0 => a / b,
        BinaryOp::FloorDivide if b != 0.0 => floor_div_mod(a, b).0,
        BinaryOp::Remainder if b != 0.0 => floor_div_mod(a, b).1,
        _ => return None,
    };
    // The sign of a NaN that comes out of arithmetic depends on the machine.
    (!value.is_nan()).then_some(Const::Float(value))
}

/// Python's `divmod` of floats: the remainder has the sign of the divisor.
fn floor_div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder != 0.0 {
        if (b < 0.0) != (remainder < 0.0) {
            remainder += b;
            quotient -= 1.0;
        }
    } else {
        remainder = 0.0f64.copysign(b);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0.0f64.copysign(a / b)
    };
    (floor, remainder)
}

/// Sums, differences and products; a real operand has no imaginary part (not a zero one).
fn complex(op: BinaryOp, left: &Const, right: &Const) -> Option<Const> {
    let parts = |value: &Const| match value {
        Const::Complex(re, im) => Some((*re, Some(*im))),
        other => Some((Number::of(other)?.to_float()?, None)),
    };
    let ((a, b), (c, d)) = (parts(left)?, parts(right)?);
    let (re, im) = match (op, b, d) {
        (BinaryOp::Add, Some(b), Some(d)) => (a + c, b + d),
        (BinaryOp::Add, b, d) => (a + c, b.or(d)?),
        (BinaryOp::Subtract, Some(b), Some(d)) => (a - c, b - d),
        (BinaryOp::Subtract, Some(b), None) => (a - c, b),
        (BinaryOp::Subtract, None, Some(d)) => (a - c, -d),
        (BinaryOp::Multiply, Some(b), None) => (a * c, b * c),
        (BinaryOp::Multiply, None, Some(d)) => (a * c, a * d),
        (BinaryOp::Multiply, Some(b), Some(d)) => {
            let (re, im) = (a * c - b * d, a * d + b * c);
            if re.is_nan() && im.is_nan() {
                return None;
            }
            (re, im)
        }
        _ => return None,
    };
    Some(Const::Complex(re, im))
}

fn sequence(op: BinaryOp, left: &Const, right: &Const) -> Option<Const> {
    match op {
        BinaryOp::Add => match (left, right) {
            (Const::Str(a), Const::Str(b)) => {
                let mut joined = a.clone();
                joined.push_wtf8(b);
                Some(Const::Str(joined))
            }
            (Const::Bytes(a), Const::Bytes(b)) => Some(Const::Bytes([a.as_slice(), b].concat())),
            (Const::Tuple(a), Const::Tuple(b)) => Some(Const::Tuple([a.as_slice(), b].concat())),
            _ => None,
        },
        BinaryOp::Multiply => match (left, right) {
            (Const::Int(count), other) | (other, Const::Int(count)) => repeat(other, *count),
            (Const::Bool(count), other) | (other, Const::Bool(count)) => repeat(other, i64::from(*count)),
            _ => None,
        },
        _ => None,
    }
}

fn repeat(value: &Const, count: i64) -> Option<Const> {
    let within = |size: usize, limit: usize| -> Option<usize> {
        if size == 0 {
            return Some(0);
        }
        let count = usize::try_from(count).ok()?;
        (count <= limit / size).then_some(count)
    };
    match value {
        Const::Str(text) => {
            let count = within(text.code_points().count(), MAX_STRING)?;
            let mut repeated = Wtf8Buf::new();
            (0..count).for_each(|_| repeated.push_wtf8(text));
            Some(Const::Str(repeated))
        }
        Const::Bytes(bytes) => Some(Const::Bytes(bytes.repeat(within(bytes.len(), MAX_STRING)?))),
        Const::Tuple(items) => {
            let count = within(items.len(), MAX_COLLECTION)?;
            if count > 0 && complexity(value) * count as i64 > MAX_TOTAL_ITEMS {
                return None;
            }
            Some(Const::Tuple(
                items.iter().cloned().cycle().take(items.len() * count).collect(),
            ))
        }
        _ => None,
    }
}

/// How many items a tuple has, with those of inner tuples.
fn complexity(value: &Const) -> i64 {
    match value {
        Const::Tuple(items) => items.len() as i64 + items.iter().map(complexity).sum::<i64>(),
        _ => 0,
    }
}

/// `constant[constant]`.
fn subscript(container: &Const, index: &Const) -> Option<Const> {
    if let Const::Slice(parts) = index {
        return slice(container, parts);
    }
    let index = match index {
        Const::Int(index) => *index,
        Const::Bool(index) => i64::from(*index),
        _ => return None,
    };
    let at = |length: usize| -> Option<usize> {
        let length = length as i64;
        let index = if index < 0 { index + length } else { index };
        (0..length).contains(&index).then_some(index as usize)
    };
    match container {
        Const::Str(text) => {
            let point = text.code_points().nth(at(text.code_points().count())?)?;
            let mut single = Wtf8Buf::new();
            single.push(point);
            Some(Const::Str(single))
        }
        Const::Bytes(bytes) => Some(Const::Int(i64::from(*bytes.get(at(bytes.len())?)?))),
        Const::Tuple(items) => items.get(at(items.len())?).cloned(),
        _ => None,
    }
}

fn slice(container: &Const, parts: &[Const; 3]) -> Option<Const> {
    match container {
        Const::Str(text) => {
            let points: Vec<_> = text.code_points().collect();
            let mut taken = Wtf8Buf::new();
            slice_indices(points.len(), parts)?
                .into_iter()
                .for_each(|at| taken.push(points[at]));
            Some(Const::Str(taken))
        }
        Const::Bytes(bytes) => Some(Const::Bytes(
            slice_indices(bytes.len(), parts)?
                .into_iter()
                .map(|at| bytes[at])
                .collect(),
        )),
        Const::Tuple(items) => Some(Const::Tuple(
            slice_indices(items.len(), parts)?
                .into_iter()
                .map(|at| items[at].clone())
                .collect(),
        )),
        _ => None,
    }
}

/// The indices a slice takes from a sequence.
fn slice_indices(length: usize, parts: &[Const; 3]) -> Option<Vec<usize>> {
    let length = length as i64;
    let part = |value: &Const| match value {
        Const::None => Some(None),
        Const::Int(value) => Some(Some(*value)),
        Const::Bool(value) => Some(Some(i64::from(*value))),
        _ => None,
    };
    let step = part(&parts[2])?.unwrap_or(1);
    if step == 0 {
        return None;
    }
    let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let clip = |value: i64| {
        let value = if value < 0 { value.saturating_add(length) } else { value };
        value.clamp(lowest, highest)
    };
    let start = part(&parts[0])?.map_or(if step > 0 { lowest } else { highest }, clip);
    let stop = part(&parts[1])?.map_or(if step > 0 { highest } else { lowest }, clip);
    let mut indices = Vec::new();
    let mut at = start;
    while if step > 0 { at < stop } else { at > stop } {
        indices.push(at as usize);
        at = at.saturating_add(step);
    }
    Some(indices)
}
