//! exp, log and powers to the last bit but for the rarest cases: computed in doubled precision (Dekker 1971), since the plain ones of
//! `libm` are a unit off too often for output that is compared with CPython's.

/// A number as an unevaluated sum: the second is what rounding left over from the first.
type Double = (f64, f64);

/// ln 2
const LN_2: Double = (std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17);
/// What [`LN_2`] leaves over.
const LN_2_REST: f64 = 5.707_708_438_416_212e-34;

const fn two_sum(a: f64, b: f64) -> Double {
    let s = a + b;
    let t = s - a;
    (s, (a - (s - t)) + (b - t))
}

/// The product and its rounding error, by Veltkamp's splitting (a fused multiplication is slow where the machine has none). Factors
/// below 2^990.
const fn two_product(a: f64, b: f64) -> Double {
    const fn split(x: f64) -> Double {
        let scaled = 134_217_729.0 * x;
        let high = scaled - (scaled - x);
        (high, x - high)
    }
    let p = a * b;
    let ((a, a2), (b, b2)) = (split(a), split(b));
    (p, ((a * b - p) + a * b2 + a2 * b) + a2 * b2)
}

fn add(a: Double, b: Double) -> Double {
    let (high, low) = two_sum(a.0, b.0);
    two_sum(high, low + a.1 + b.1)
}

fn multiply(a: Double, b: Double) -> Double {
    let (high, low) = two_product(a.0, b.0);
    two_sum(high, low + a.0 * b.1 + a.1 * b.0)
}

/// 1/n, doubled.
const fn inverse(n: usize) -> Double {
    let n = n as f64;
    let high = 1.0 / n;
    let (p, low) = two_product(high, n);
    (high, ((1.0 - p) - low) / n)
}

/// 1/n for the series of exp; the first is not used.
const INVERSE: [Double; 19] = {
    let mut all = [(0.0, 0.0); 19];
    let mut n = 1;
    while n < all.len() {
        all[n] = inverse(n);
        n += 1;
    }
    all
};

/// The square root of a number that is neither tiny nor huge.
fn square_root(x: f64) -> Double {
    let first = x.sqrt();
    let (p, low) = two_product(first, first);
    two_sum(first, ((x - p) - low) / (2.0 * first))
}

/// exp(x) as a sum and a power of two; `x.0` within about ±745.
fn exp_parts(x: Double) -> (Double, i32) {
    let k = (x.0 * std::f64::consts::LOG2_E).round();
    // x - k ln 2, whose cancellation costs nothing: k has few bits.
    let reduced = add(add(x, two_product(-k, LN_2.0)), two_product(-k, LN_2.1));
    let reduced = add(reduced, (-k * LN_2_REST, 0.0));
    // An eighth of it, and three squarings at the end.
    let r = (reduced.0 / 8.0, reduced.1 / 8.0);
    // The far end of the series 1 + r (1 + r/2 (1 + r/3 …)) needs no doubling.
    let mut tail = 1.0;
    for &(inverse, _) in INVERSE[10..].iter().rev() {
        tail = 1.0 + r.0 * tail * inverse;
    }
    let mut sum = (tail, 0.0);
    for &inverse in INVERSE[1..10].iter().rev() {
        sum = add((1.0, 0.0), multiply(multiply(r, inverse), sum));
    }
    for _ in 0..3 {
        sum = multiply(sum, sum);
    }
    (sum, k as i32)
}

/// e**x
pub fn exp(x: f64) -> f64 {
    // Where the result leaves the normal range, the plain one rounds once.
    if x.is_nan() || !(-708.0..=709.7).contains(&x) {
        return libm::exp(x);
    }
    let ((high, low), k) = exp_parts((x, 0.0));
    libm::ldexp(high + low, k)
}

/// The natural logarithm of a number between 1e-300 and 1e300, doubled.
fn log_double(x: f64) -> Double {
    let first = libm::log(x);
    let ((high, low), k) = exp_parts((-first, 0.0));
    // x exp(-first) - 1 is tiny, and log(1 + t) = t - t²/2 with it.
    let x = libm::ldexp(x, k / 2);
    let (p, rest) = two_product(x, libm::ldexp(high, k - k / 2));
    let t = (p - 1.0) + (rest + x * libm::ldexp(low, k - k / 2));
    two_sum(first, t - t * t / 2.0)
}

/// ln x
pub fn log(x: f64) -> f64 {
    if !(1e-300..=1e300).contains(&x) {
        return libm::log(x);
    }
    log_double(x).0
}

/// `x ** y` as C's `pow`, special cases included.
pub fn pow(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        return x * x;
    }
    if y == 1.0 {
        return x;
    }
    if y == 0.5 && x > 0.0 {
        return x.sqrt();
    }
    let size = x.abs();
    if !(1e-300..=1e300).contains(&size) || !y.is_finite() || y.abs() > 1e17 || (x < 0.0 && y != y.trunc()) {
        return libm::pow(x, y);
    }
    let binary_exponent = (size.to_bits() >> 52).abs_diff(1023) + 1;
    // Whole numbers and halves, where the result is far from the ends of the range.
    let small = y.abs() <= 64.0 && (y + y).trunc() == y + y && y.abs() * (binary_exponent as f64) < 850.0;
    let result = if small {
        small_power(size, y)
    } else {
        let power = multiply((y, 0.0), log_double(size));
        if !(-708.0..=709.7).contains(&power.0) {
            return libm::pow(x, y);
        }
        let ((high, low), k) = exp_parts(power);
        libm::ldexp(high + low, k)
    };
    if x < 0.0 && y % 2.0 != 0.0 { -result } else { result }
}

/// A power with a small exponent, whole or half of an odd number, by squaring: exact where the true result lies half-way between two
/// floats.
fn small_power(x: f64, y: f64) -> f64 {
    let mut result = (1.0, 0.0);
    let mut square = (x, 0.0);
    let mut bits = y.abs() as u32;
    while bits > 0 {
        if bits & 1 == 1 {
            result = multiply(result, square);
        }
        bits >>= 1;
        if bits > 0 {
            square = multiply(square, square);
        }
    }
    if y.abs() != y.abs().trunc() {
        result = multiply(result, square_root(x));
    }
    if y > 0.0 {
        return result.0;
    }
    let first = 1.0 / result.0;
    let (p, low) = two_product(first, result.0);
    first + ((1.0 - p) - low - first * result.1) / result.0
}

/// Both halves of cosh and sinh: e**x and e**-x.
fn both(x: f64) -> (Double, Double) {
    let scaled = |((high, low), k): (Double, i32)| (libm::ldexp(high, k), libm::ldexp(low, k));
    (scaled(exp_parts((x, 0.0))), scaled(exp_parts((-x, 0.0))))
}

/// cosh x
pub fn cosh(x: f64) -> f64 {
    if !(-700.0..=700.0).contains(&x) {
        return libm::cosh(x);
    }
    let (up, down) = both(x);
    add(up, down).0 / 2.0
}

/// sinh x
pub fn sinh(x: f64) -> f64 {
    // Near zero the two halves cancel; the plain one's series is good there.
    if !(0.3..=700.0).contains(&x.abs()) {
        return libm::sinh(x);
    }
    let (up, down) = both(x);
    add(up, (-down.0, -down.1)).0 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correctly_rounded_where_the_plain_ones_are_not() {
        assert_eq!(exp(1.0), std::f64::consts::E);
        assert_eq!(cosh(1.0), 1.543_080_634_815_243_7);
        assert_eq!(log(10.0), std::f64::consts::LN_10);
        assert_eq!(pow(1.05, 10.0), 1.628_894_626_777_442);
        assert_eq!(pow(-2.0, 3.0), -8.0);
        assert_eq!(pow(2.0, -1074.0), 5e-324);
        assert_eq!(pow(10.0, 15.0), 1e15);
        assert_eq!(pow(3.0, 34.0), 16_677_181_699_666_569.0);
        assert_eq!(pow(10.0, -3.0), 0.001);
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(log(1.0), 0.0);
    }
}
