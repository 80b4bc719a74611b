# Integers of any size: arithmetic, floor rules, bit operations, conversions, methods, errors.
big = 2 ** 200
print(big, -big, big * big, big // 3, -big // 3, big % 1000, -big % 1000)
print(7 // 2, -7 // 2, 7 // -2, -7 % 3, 7 % -3, divmod(-7, 2), divmod(10**30, -7))
print(2 ** 64 - 1, 2 ** 63, -2 ** 63, 2 ** 62 + 2 ** 62, (2 ** 31) * (2 ** 33), 10 ** 18 * 10)
print(1 << 100, (1 << 100) >> 98, -1 >> 5, -5 & 0xFF, 5 | -8, 6 ^ -3, ~10 ** 20)
print(int("123"), int("-0x1f", 16), int("0b101", 0), int("zz", 36), int(" 42\n"), int("1_000"), int(3.99), int(-3.99), int(True))
print(hex(255), oct(8), bin(-5), hex(-big)[:8], (255).bit_length(), (255).bit_count(), (0).bit_length())
print((1024).to_bytes(2, "big"), int.from_bytes(b"\xff\xfe", "little"), (-2).to_bytes(2, "big", signed=True), int.from_bytes(b"\xff", signed=True))
print(pow(3, 200, 1000007), pow(3, -1, 7), 2 ** -2, 0 ** 0, (-2) ** 3, pow(2, 0.5))
print(abs(-big) == big, big == float(big), hash(2 ** 61 - 1), hash(2 ** 61), hash(-1), hash(-2), hash(big))
print(int.__add__(1, 2), (5).__class__, (5).real, (5).denominator, (5).as_integer_ratio(), (5).is_integer(), (5).conjugate())
for expression in ("1 / 0", "int('x')", "int('1.5')", "int('9', 8)", "int([])", "int('')", "1 << -1",
                   "(256).to_bytes(1)", "pow(2, -1, 4)", "pow(2, 2, 0)", "int(float('nan'))", "int(float('inf'))", "int('1', 99)", "1 + 'a'", "'a' * 1.5",
                   "1 << 10**30", "float(10**400)"):
    try:
        print(expression, eval(expression))
    except Exception as error:
        print(expression, type(error).__name__, error)
print(sum(range(100001)), sum(n * n for n in range(1000)), 3 * 10 ** 40 // 7)
f = 1
for n in range(1, 31):
    f *= n
print(f, str(f)[::-1][:5], len(str(2 ** 1000)))
a, b = 0, 1
for _ in range(150):
    a, b = b, a + b
print(a)
print(0.1 + 0.2, 10 / 4, 10 / 5, 1e3, 7.0 // 2, -7.5 % 2, 2 ** 0.5, 1e300 * 1e10, divmod(7.5, 2))
print((0.1).as_integer_ratio(), (2.5).is_integer(), (1.5).hex(), float.fromhex("0x1.8p+1"), float("1e5"), float(" -1_0.5 "), float("nan"))
print(3 == 3.0, 2 ** 53 + 1 == float(2 ** 53 + 1), 1 < 1.5, big > 1e50, 10 ** 400 > 1e308, min(1, 2.0), max(1, 1.0))
print(complex(1, 2) * 2, (1 + 2j) * (3 - 1j), abs(3 + 4j), (1 + 2j).conjugate(), 1j ** 2, complex("1+2j"), (2 + 0j) == 2)
print(True + True, True & False, True | 2, not 5, bool("0"), bool([]), isinstance(True, int), True.__repr__())
print(int("1" * 50) % 97, 123456789 ** 5 % 1000003, -(10 ** 25) // 10 ** 24, 10 ** 25 // -(10 ** 24))
