# math and floats, digit for digit.
import math

for n in (0.5, 1.0, 2.0, 10.0):
    print(math.sin(n), math.cos(n), math.tan(n), math.exp(n), math.log(n), math.sqrt(n), math.atan(n), math.log2(n), math.log10(n))
print(math.pi, math.e, math.tau, math.inf, math.nan, math.floor(-2.5), math.ceil(2.1), math.trunc(-2.9), math.fabs(-3), math.copysign(1, -0.0))
print(math.factorial(20), math.comb(10, 3), math.perm(5, 2), math.gcd(12, 18, 8), math.lcm(4, 6), math.isqrt(10 ** 30), math.prod([1, 2, 3, 4]), math.fsum([0.1] * 10), math.dist((0, 0), (3, 4)), math.hypot(3, 4))
print(math.isclose(0.1 + 0.2, 0.3), math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1), math.fmod(-7, 3), math.modf(3.25), math.frexp(8.0), math.ldexp(0.5, 4), math.degrees(math.pi), math.radians(180))
print(math.pow(2, 0.5), math.atan2(1, -1), math.sinh(1), math.asin(1), math.acos(0), math.log(8, 2), math.log1p(1e-10), math.expm1(1e-10), math.gamma(5), math.erf(0.5), math.cbrt(8), math.sumprod([1, 2], [3, 4]), math.nextafter(1, 2), math.ulp(1.0), math.remainder(7, 4))
for action in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.factorial(1.5), lambda: math.exp(1000), lambda: math.floor(math.inf), lambda: math.acos(2), lambda: math.isqrt(-1), lambda: math.sqrt("x"), lambda: math.comb(-1, 2)):
    try:
        print(action())
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__)


class Ceil:
    def __ceil__(self):
        return "ceiled"

    def __floor__(self):
        return "floored"

    def __trunc__(self):
        return "truncated"


print(math.ceil(Ceil()), math.floor(Ceil()), math.trunc(Ceil()))
