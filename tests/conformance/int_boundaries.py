"""Integers around the sizes at which an implementation may change its representation: 62, 63, 64, 127, 128 bits, both signs."""
import enum
import hashlib
import math
import operator
import sys

EDGES = sorted({sign * (2**bits + off) for bits in (0, 30, 61, 62, 63, 64, 126, 127, 128, 200) for off in (-1, 0, 1) for sign in (1, -1)})
BINARY = [operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.and_, operator.or_, operator.xor, divmod]
COMPARE = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]


def outcome(function, *args):
    try:
        return function(*args)
    except (ZeroDivisionError, OverflowError, ValueError) as error:
        return type(error).__name__


def text(value):
    return hex(value) if isinstance(value, int) else repr(value)


for function in BINARY + COMPARE + [operator.truediv, math.gcd]:
    digest = hashlib.sha256()
    for a in EDGES:
        for b in EDGES:
            digest.update(text(outcome(function, a, b)).encode())
    print(f"{function.__name__:10} {digest.hexdigest()[:16]}")

for function in (operator.lshift, operator.rshift, pow):
    digest = hashlib.sha256()
    for a in EDGES:
        for b in (0, 1, 2, 31, 62, 63, 64, 65, 126, 127, 128, 300):
            digest.update(text(outcome(function, a, b)).encode())
    print(f"{function.__name__:10} {digest.hexdigest()[:16]}")

UNARY = [operator.neg, operator.invert, abs, hash, float, bool, str, hex, int.bit_length, int.bit_count, round, sys.getsizeof, lambda n: n.__format__("_d"), lambda n: round(n, -5)]
for number, function in enumerate(UNARY):
    print(number, hashlib.sha256(repr([outcome(function, edge) for edge in EDGES]).encode()).hexdigest()[:16])

for edge in EDGES[-8:]:
    size = (edge.bit_length() + 8) // 8
    raw = edge.to_bytes(size, "little", signed=True)
    print(edge, int.from_bytes(raw, "little", signed=True) == edge, edge == float(edge), edge < float(edge), math.isqrt(edge))


class Big(int):
    pass


class Flag(enum.IntFlag):
    LOW = 1
    HIGH = 2**100


big = Big(2**64)
print(big + 1, type(big + 1).__name__, big == 2**64, {2**64: "same"}[big], Flag.HIGH | Flag.LOW, int(Flag.HIGH) >> 99)
print(-(2**63) // -1, -(2**127) // -1, -(2**127) % -1, (2**127 - 1) + 1, -(2**127) - 1)
print(sum([2**62] * 10), sum([2**126] * 4), math.prod([2**33] * 5))
