# Arithmetic on numbers of many thousand digits, by ways that small ones do not take.

import math
import sys

sys.set_int_max_str_digits(0)


def digest(n):
    return n % 1_000_000_007, n.bit_length()


a, b = 3**20_000 + 12345, 7**9_000 - 99
print(digest(a * b), digest(a // b), digest(a % b), [digest(x) for x in divmod(-a, b)])
print(digest(a << 12345), digest(a >> 12345), digest(-a >> 12345), digest(a & b), digest(a | -b), digest(a ^ b))
print(digest(a**7), (-2) ** 1001 == -(1 << 1001), 4**5000 == 1 << 10000, (-4) ** 3, 2**0, (-1) ** 10**30, digest(pow(a, b, 10**50)))
print(pow(3, -1, 7**500) * 3 % 7**500, digest(pow(a, 65537, b)))
for e in (lambda: pow(2, -1, 4), lambda: pow(2, 3, 0), lambda: 1 << -1):
    try:
        print(e())
    except (ValueError, ZeroDivisionError) as error:
        print(type(error).__name__, error)

for digits in 639, 640, 641, 1999, 2000, 2001, 4001, 20_001, 100_000:
    text = ('1234567890' * 10_001)[:digits]
    n = int(text)
    print(digits, digest(n), str(n) == text, int('-' + text) == -n, f'{n:d}' == text, '%d' % -n == '-' + text)
print(digest(int('z' * 3000, 36)), digest(int('2' * 3000, 3)), digest(int('1' * 5000, 2)), digest(int('-' + 'f' * 3000, 16)))
print(digest(int('_'.join(['123'] * 1000))), int('0' * 5000 + '7'))
print('%.30d|%+d|%05d|%x|%#o' % (12345, 7, -3, 1 << 70, 1 << 70))
for text in ('1' * 5000 + 'x', '1__' + '1' * 5000):
    try:
        int(text)
    except ValueError as error:
        print(str(error)[:60])

for n in (0, 1, 2, 3, 4, 8, 15, 16, 17, 10**40, 10**40 - 1, 2**64, 2**64 - 1, a, a * a, a * a - 1, b * b + 1):
    r = math.isqrt(n)
    print(digest(r), r * r <= n < (r + 1) ** 2, end=' ')
print()
for n, k in ((10, 3), (1000, 500), (5000, 2500), (5000, 600), (20_000, 19_000), (20_000, 7), (2**70, 3), (600, 600), (600, 0), (4096, 2048)):
    print(n, k, digest(math.comb(n, k)), digest(math.perm(n, min(k, 50))), end=' ')
print()
print(math.comb(1200, 600) == math.factorial(1200) // math.factorial(600) ** 2, digest(math.factorial(5000)))
print(digest(math.gcd(a * 12, b * 18)), math.gcd(a * b, b) == b, digest(math.lcm(a, b, 6)), math.gcd(), math.lcm(), math.gcd(0, 0), math.gcd(-4, 6), math.lcm(4, -6), math.lcm(0, 5))
print(digest(math.prod(range(1, 3000))), math.prod([]), math.prod([2, 3], start=5), math.prod([2, 0.5]), math.prod([True, 3]), math.prod([10**20] * 3, start=-1))
print(digest(round(a, -500)), round(15, -1), round(25, -1), round(-25, -1), round(10**50 + 5, -1), round(7, -5))
print(len(hex(a)), len(oct(a)), len(bin(-a)), a.to_bytes(5000, 'little') == (a).to_bytes(5000, 'big')[::-1], hash(a), hash(-a))
