# Arithmetic dunders: reflected, in-place, NotImplemented, unary, divmod, pow, matmul, index.
class Money:
    def __init__(self, cents):
        self.cents = cents

    def __repr__(self):
        return f"${self.cents / 100:.2f}"

    def __add__(self, other):
        if isinstance(other, Money):
            return Money(self.cents + other.cents)
        if isinstance(other, int):
            return Money(self.cents + other * 100)
        return NotImplemented

    def __radd__(self, other):
        print("radd", other)
        return self + other

    def __sub__(self, other):
        return Money(self.cents - other.cents)

    def __mul__(self, factor):
        return Money(round(self.cents * factor))

    __rmul__ = __mul__

    def __iadd__(self, other):
        print("iadd")
        self.cents += other.cents
        return self

    def __truediv__(self, other):
        return self.cents / other.cents

    def __floordiv__(self, other):
        return self.cents // other.cents

    def __mod__(self, other):
        return Money(self.cents % other.cents)

    def __divmod__(self, other):
        return self // other, self % other

    def __pow__(self, exponent, modulus=None):
        return ("pow", exponent, modulus)

    def __matmul__(self, other):
        return ("matmul", other)

    def __neg__(self):
        return Money(-self.cents)

    def __pos__(self):
        return self

    def __abs__(self):
        return Money(abs(self.cents))

    def __invert__(self):
        return "inverted"

    def __lshift__(self, other):
        return ("<<", other)

    def __rrshift__(self, other):
        return ("r>>", other)

    def __and__(self, other):
        return ("&", other)

    def __bool__(self):
        return self.cents != 0

    def __int__(self):
        return self.cents // 100

    def __float__(self):
        return self.cents / 100

    def __index__(self):
        return self.cents

    def __round__(self, digits=None):
        return ("round", digits)


a, b = Money(250), Money(100)
print(a + b, a + 1, 1 + a, sum([a, b], Money(0)))
print(a - b, a * 2, 1.5 * a, a / b, a // b, a % b, divmod(a, b))
a += b
print(a, -a, +a, abs(Money(-5)), ~a)
print(a ** 2, pow(a, 2, 7), a @ "m", a << 1, 2 >> a, a & None)
print(bool(Money(0)), bool(a), int(a), float(a), [10, 20, 30][Money(1)], hex(Money(255)))
print(round(a), round(a, 1))
for expression in ("a + 'x'", "'x' + a", "a | b", "[] - a", "2 ** a"):
    try:
        print(eval(expression))
    except TypeError as error:
        print(expression, "->", error)


class Sub(Money):
    def __radd__(self, other):
        return "subclass first"


print(Money(1) + Sub(2))
print(sum([1, 2.5, True]))
