//! Functions of integers: factorial, comb, perm, gcd, lcm, isqrt.

use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// The product of `from..=to`, split in halves so that factors stay of like size.
fn product(from: u64, to: u64) -> BigInt {
    if from > to {
        return BigInt::one();
    }
    if to - from < 8 {
        return (from..=to).map(BigInt::from).product();
    }
    let middle = from + (to - from) / 2;
    product(from, middle) * product(middle + 1, to)
}

pub(super) fn factorial(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [n] = vm.exactly(args, "math.factorial")?;
    let n = vm.index_big(n)?;
    if n.is_negative() {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    let Some(n) = n.to_u64().filter(|n| *n <= i64::MAX as u64) else {
        let most = i64::MAX;
        return Err(vm.overflow_error(&format!("factorial() argument should not exceed {most}")));
    };
    // n! has about n log2(n) bits.
    vm.check_size(n.saturating_mul(u64::from(n.max(2).ilog2())) / 8)?;
    Ok(vm.new_big(product(2, n)))
}

/// `n` and `k`, neither negative.
fn n_and_k(vm: &mut Process, n: Value, k: Value) -> NativeResult<(BigInt, BigInt)> {
    let (n, k) = (vm.index_big(n)?, vm.index_big(k)?);
    for (value, name) in [(&n, "n"), (&k, "k")] {
        if value.is_negative() {
            return Err(vm.value_error(&format!("{name} must be a non-negative integer")));
        }
    }
    Ok((n, k))
}

/// `n (n - 1) … (n - k + 1)`
fn falling(n: &BigInt, k: u64) -> BigInt {
    if let Some(n) = n.to_u64() {
        return product(n - k + 1, n);
    }
    (0..k).map(|i| n - i).product()
}

pub(super) fn comb(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [n, k] = vm.exactly(args, "comb")?;
    let (n, k) = n_and_k(vm, n, k)?;
    if k > n {
        return Ok(Value::from_i32(0));
    }
    let k = k.clone().min(&n - k);
    let Some(k) = k.to_u64().filter(|k| *k <= i64::MAX as u64) else {
        return Err(vm.overflow_error("min(n - k, k) must not exceed 9223372036854775807"));
    };
    vm.check_size(k.saturating_mul(n.bits()) / 8)?;
    Ok(vm.new_big(falling(&n, k) / product(2, k)))
}

pub(super) fn perm(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.between(args, "perm", 1, 2)?;
    let n = args.get(0).unwrap_or(Value::NULL);
    let k = match args.get(1) {
        None | Some(Value::NONE) => return factorial(vm, Args::positional(&[n])),
        Some(k) => k,
    };
    let (n, k) = n_and_k(vm, n, k)?;
    if k > n {
        return Ok(Value::from_i32(0));
    }
    let Some(k) = k.to_u64().filter(|k| *k <= i64::MAX as u64) else {
        return Err(vm.overflow_error("k must not exceed 9223372036854775807"));
    };
    vm.check_size(k.saturating_mul(n.bits()) / 8)?;
    Ok(vm.new_big(falling(&n, k)))
}

fn fold(vm: &mut Process, args: Args<'_>, name: &str, start: i32, f: fn(&BigInt, &BigInt) -> BigInt) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(vm.type_error(&format!("math.{name}() takes no keyword arguments")));
    }
    let mut result = BigInt::from(start);
    for &v in args.pos {
        let n = vm.index_big(v)?;
        result = f(&result, &n);
    }
    Ok(vm.new_big(result.abs()))
}

pub(super) fn gcd(vm: &mut Process, args: Args<'_>) -> NativeResult {
    fold(vm, args, "gcd", 0, num_integer::Integer::gcd)
}

pub(super) fn lcm(vm: &mut Process, args: Args<'_>) -> NativeResult {
    fold(vm, args, "lcm", 1, |a, b| {
        if a.is_zero() || b.is_zero() {
            return BigInt::zero();
        }
        num_integer::Integer::lcm(a, b)
    })
}

pub(super) fn isqrt(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [n] = vm.exactly(args, "math.isqrt")?;
    let n = vm.index_big(n)?;
    if n.is_negative() {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    Ok(vm.new_big(n.sqrt()))
}
