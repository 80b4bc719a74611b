//! Sums and norms without accumulated error: fsum after Shewchuk 1997, hypot and dist in doubled precision.

use super::plain_float;
use heddle_compiler::op::BinaryOp;
use heddle_vm::builtin::numbers::big_work::product_of_many_ns;
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;
use num_bigint::BigInt;

/// The sum of two floats and what rounding took away.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let t = s - a;
    (s, (a - (s - t)) + (b - t))
}

/// The product of two floats and what rounding took away.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let p = a * b;
    (p, libm::fma(a, b, -p))
}

/// Partial sums that do not overlap, smallest first: their exact sum is that of everything added.
#[derive(Debug, Default)]
struct Exact {
    partials: Vec<f64>,
    /// Sum of what is not finite.
    special: f64,
    infinities: f64,
    overflow: bool,
}

impl Exact {
    fn add(&mut self, x: f64) {
        if !x.is_finite() {
            self.special += x;
            if x.is_infinite() {
                self.infinities += x;
            }
            return;
        }
        let mut x = x;
        let mut kept = 0;
        for i in 0..self.partials.len() {
            let y = self.partials[i];
            let (high, low) = two_sum(x, y);
            if low != 0.0 {
                self.partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        self.partials.truncate(kept);
        if x.is_finite() {
            self.partials.push(x);
        } else {
            self.overflow = true;
        }
    }

    /// The exact sum rounded once.
    fn total(&self) -> f64 {
        let mut rest = self.partials.iter().rev().copied();
        let Some(mut high) = rest.next() else { return 0.0 };
        let mut low = 0.0;
        let mut next = None;
        for y in rest {
            if low != 0.0 {
                next = Some(y);
                break;
            }
            (high, low) = two_sum(high, y);
        }
        // Half-way cases go by the sign of what lies below.
        if let Some(next) = next
            && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
        {
            let y = low * 2.0;
            let x = high + y;
            if y == x - high {
                high = x;
            }
        }
        high
    }
}

pub(super) fn fsum(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [items] = vm.exactly(args, "math.fsum")?;
    let items = vm.list_from_iterable(items)?;
    let mut sum = Exact::default();
    for item in items {
        let x = match plain_float(vm, item) {
            Some(x) => x,
            None => vm.float_of(item)?,
        };
        sum.add(x);
    }
    if sum.overflow {
        return Err(vm.overflow_error("intermediate overflow in fsum"));
    }
    if sum.infinities.is_nan() {
        return Err(vm.value_error("-inf + inf in fsum"));
    }
    if sum.special != 0.0 {
        return Ok(vm.new_float(sum.special));
    }
    Ok(vm.new_float(sum.total()))
}

pub(super) fn prod(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [items, start] = vm.bind(args, "prod", ["", "*start"], 1)?;
    let items = vm.list_from_iterable(items.unwrap_or(Value::NULL))?;
    let start = start.unwrap_or(Value::from_i32(1));
    if vm.is_int(start) && items.iter().all(|&item| vm.is_int(item)) {
        return prod_of_ints(vm, start, &items);
    }
    let mut result = start;
    for item in items {
        result = vm.binary(BinaryOp::Multiply, result, item)?;
    }
    Ok(result)
}

/// The product of ints, put together in pairs.
fn prod_of_ints(vm: &mut Process, start: Value, items: &[Value]) -> NativeResult {
    let factors = std::iter::once(&start).chain(items);
    let factors: Vec<BigInt> = factors.filter_map(|&v| vm.as_bigint(v)).collect();
    let bits = factors.iter().map(BigInt::bits).sum();
    vm.check_size(bits / 8)?;
    let ns = product_of_many_ns(bits).saturating_add(10 * factors.len() as u64);
    vm.long_work(ns, |vm| Ok(vm.new_big(product(&factors))))
}

fn product(factors: &[BigInt]) -> BigInt {
    if factors.len() <= 8 {
        return factors.iter().product();
    }
    let (first, rest) = factors.split_at(factors.len() / 2);
    product(first) * product(rest)
}

pub(super) fn sumprod(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [p, q] = vm.exactly(args, "sumprod")?;
    let (p, q) = (vm.list_from_iterable(p)?, vm.list_from_iterable(q)?);
    if p.len() != q.len() {
        return Err(vm.value_error("Inputs are not the same length"));
    }
    let mut pairs = p.into_iter().zip(q).peekable();
    // Like CPython: machine ints, as long as there are only these; then floats exactly, as long as each pair has one; then by operators.
    let is_int = |vm: &Process, v: Value| vm.is_exact(v, core::INT);
    let mut sum = 0_i64;
    let product = |vm: &Process, sum: i64, a: Value, b: Value| {
        let product = vm.as_i64(a)?.checked_mul(vm.as_i64(b)?)?;
        sum.checked_add(product)
    };
    while let Some(&(a, b)) = pairs.peek()
        && is_int(vm, a)
        && is_int(vm, b)
        && let Some(next) = product(vm, sum, a, b)
    {
        sum = next;
        pairs.next();
    }
    let mut total = vm.new_int(sum);
    let is_float = |vm: &Process, v: Value| vm.is_exact(v, core::FLOAT);
    let is_real = |vm: &Process, v: Value| is_float(vm, v) || is_int(vm, v) || v.as_bool().is_some();
    let mut sum = Exact::default();
    let mut any = false;
    while let Some((a, b)) =
        pairs.next_if(|&(a, b)| is_real(vm, a) && is_real(vm, b) && (is_float(vm, a) || is_float(vm, b)))
    {
        any = true;
        let (a, b) = (vm.float_of(a)?, vm.float_of(b)?);
        let (high, low) = two_product(a, b);
        sum.add(high);
        if high.is_finite() {
            sum.add(low);
        }
    }
    if any {
        let floats = if sum.special != 0.0 || sum.infinities.is_nan() {
            sum.special
        } else {
            sum.total()
        };
        let floats = vm.new_float(floats);
        total = vm.binary(BinaryOp::Add, total, floats)?;
    }
    for (a, b) in pairs {
        let product = vm.binary(BinaryOp::Multiply, a, b)?;
        total = vm.binary(BinaryOp::Add, total, product)?;
    }
    Ok(total)
}

/// The Euclidean norm, nearly always correctly rounded.
fn norm(coordinates: &[f64]) -> f64 {
    if coordinates.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if coordinates.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    let largest = coordinates.iter().fold(0.0f64, |m, x| m.max(x.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    // Scaling by a power of two is exact and keeps squares in range.
    let (_, e) = libm::frexp(largest);
    let mut sum = Exact::default();
    for &x in coordinates {
        let x = libm::ldexp(x, -e);
        let (high, low) = two_product(x, x);
        sum.add(high);
        sum.add(low);
    }
    let total = sum.total();
    let root = total.sqrt();
    // One Newton step on the exact difference.
    let (high, low) = two_product(root, root);
    sum.add(-high);
    sum.add(-low);
    libm::ldexp(root + sum.total() / (2.0 * root), e)
}

pub(super) fn hypot(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(vm.type_error("math.hypot() takes no keyword arguments"));
    }
    let mut coordinates = Vec::with_capacity(args.len());
    for &v in args.pos {
        coordinates.push(vm.float_of(v)?);
    }
    Ok(vm.new_float(norm(&coordinates)))
}

pub(super) fn dist(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [p, q] = vm.exactly(args, "dist")?;
    let (p, q) = (vm.list_from_iterable(p)?, vm.list_from_iterable(q)?);
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    let mut differences = Vec::with_capacity(p.len());
    for (a, b) in p.into_iter().zip(q) {
        differences.push(vm.float_of(a)? - vm.float_of(b)?);
    }
    Ok(vm.new_float(norm(&differences)))
}
