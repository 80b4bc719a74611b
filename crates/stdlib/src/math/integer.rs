//! Functions of integers: factorial, comb, perm, gcd, lcm, isqrt. What they take is charged before it is done (`big_work`).

use heddle_vm::builtin::numbers::big_work::{gcd_ns, product_ns, product_of_many_ns, quotient_ns, square_root};
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
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
    let bits = n.saturating_mul(u64::from(n.max(2).ilog2()));
    vm.check_size(bits / 8)?;
    vm.long_work(product_of_many_ns(bits), |vm| Ok(vm.new_big(product(2, n))))
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

/// The time of [`falling`], ns.
fn falling_ns(n: &BigInt, k: u64) -> u64 {
    let bits = k.saturating_mul(n.bits());
    if n.bits() <= 64 {
        return product_of_many_ns(bits);
    }
    product_ns(bits / 2, n.bits()).saturating_mul(k)
}

/// Up to this number [`comb_of_primes`] looks for primes: a byte for each number.
const MOST_SIEVED: u64 = 1 << 24;
/// Fewer factors are multiplied and divided as they are.
const LEAST_SIEVED: u64 = 500;

/// `n` over `k` from its prime factors: a prime divides it once for each carry when `k` and `n - k` are added in its base (Kummer 1852).
/// So no intermediate number is larger than the result.
fn comb_of_primes(n: u64, k: u64) -> BigInt {
    let mut factors = Vec::new();
    let mut factor = 1_u64;
    let mut put = |power: u64| match factor.checked_mul(power) {
        Some(both) => factor = both,
        None => factors.push(std::mem::replace(&mut factor, power)),
    };
    let mut composite = vec![false; n as usize + 1];
    for p in 2..=n {
        if composite[p as usize] {
            continue;
        }
        let mut multiple = p * p;
        while let Some(mark) = usize::try_from(multiple).ok().and_then(|at| composite.get_mut(at)) {
            *mark = true;
            multiple += p;
        }
        let (mut a, mut b, mut carry) = (k, n - k, 0);
        while a > 0 || b > 0 || carry > 0 {
            carry = u64::from(a % p + b % p + carry >= p);
            (a, b) = (a / p, b / p);
            if carry == 1 {
                put(p);
            }
        }
    }
    factors.push(factor);
    product_of(&factors).into()
}

/// The product of all, split in halves.
fn product_of(factors: &[u64]) -> BigUint {
    if factors.len() <= 8 {
        return factors.iter().copied().map(BigUint::from).product();
    }
    let (first, rest) = factors.split_at(factors.len() / 2);
    product_of(first) * product_of(rest)
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
    if let Some(n) = n
        .to_u64()
        .filter(|n| *n <= MOST_SIEVED && k >= LEAST_SIEVED.max(n / 64))
    {
        // No more bits than all choices together have.
        vm.check_size(n / 8)?;
        let ns = product_of_many_ns(n).saturating_add(n.saturating_mul(4));
        return vm.long_work(ns, |vm| Ok(vm.new_big(comb_of_primes(n, k))));
    }
    let bits = k.saturating_mul(n.bits());
    vm.check_size(bits / 8)?;
    let ns = product_of_many_ns(bits).saturating_mul(2);
    vm.long_work(ns, |vm| Ok(vm.new_big(falling(&n, k) / product(2, k))))
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
    let bits = k.saturating_mul(n.bits());
    vm.check_size(bits / 8)?;
    vm.long_work(falling_ns(&n, k), |vm| Ok(vm.new_big(falling(&n, k))))
}

/// Folds ints into one; `ns` says what a step takes by the bits of both.
fn fold(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    start: i32,
    ns: fn(u64, u64) -> u64,
    f: fn(&BigInt, &BigInt) -> BigInt,
) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(vm.type_error(&format!("math.{name}() takes no keyword arguments")));
    }
    let mut result = Value::from_i32(start);
    for &v in args.pos {
        let n = vm.index_big(v)?;
        let so_far = vm.as_bigint(result).unwrap_or_default();
        result = vm.long_work(ns(so_far.bits(), n.bits()), |vm| Ok(vm.new_big(f(&so_far, &n).abs())))?;
    }
    Ok(result)
}

/// The greatest common divisor: what is much larger than the other is divided first.
fn divisor(a: &BigInt, b: &BigInt) -> BigInt {
    let (least, most) = if a.bits() < b.bits() { (a, b) } else { (b, a) };
    if least.is_zero() || most.bits() < least.bits() + 128 {
        return Integer::gcd(a, b);
    }
    Integer::gcd(least, &(most % least))
}

pub(super) fn gcd(vm: &mut Process, args: Args<'_>) -> NativeResult {
    fold(vm, args, "gcd", 0, gcd_ns, divisor)
}

pub(super) fn lcm(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let ns = |a, b| gcd_ns(a, b).saturating_add(product_ns(a, b));
    fold(vm, args, "lcm", 1, ns, |a, b| {
        if a.is_zero() || b.is_zero() {
            return BigInt::zero();
        }
        a / divisor(a, b) * b
    })
}

pub(super) fn isqrt(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [n] = vm.exactly(args, "math.isqrt")?;
    let n = vm.index_big(n)?;
    if n.is_negative() {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    let ns = quotient_ns(n.bits(), n.bits() / 2).saturating_mul(2);
    vm.long_work(ns, |vm| Ok(vm.new_big(square_root(n.magnitude()).into())))
}
