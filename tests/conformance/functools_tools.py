# functools: partial, reduce, lru_cache, cache, cached_property, singledispatch, wraps, cmp_to_key, partialmethod.
import functools

add = lambda a, b, c=0: a + b + c
p = functools.partial(add, 1, c=10)
print(p(2), p(2, c=0), p.func is add, p.args, p.keywords, functools.partial(p, 5)())
print(functools.reduce(lambda a, b: a * b, range(1, 6)), functools.reduce(lambda a, b: a + b, [], "start"))
try:
    functools.reduce(add, [])
except TypeError as error:
    print(error)
calls = []


@functools.lru_cache(maxsize=2)
def slow(n):
    calls.append(n)
    return n * n


print([slow(n) for n in (1, 2, 1, 3, 1, 2)], calls, slow.cache_info())
slow.cache_clear()
print(slow.cache_info(), slow.cache_parameters())


@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(90))
try:
    fib([])
except TypeError as error:
    print(type(error).__name__)


class Data:
    def __init__(self, values):
        self.values = values

    @functools.cached_property
    def total(self):
        print("computing")
        return sum(self.values)

    def scale(self, factor, offset=0):
        return [v * factor + offset for v in self.values]

    double = functools.partialmethod(scale, 2)
    shifted = functools.partialmethod(scale, offset=1)


d = Data([1, 2, 3])
print(d.total, d.total, d.__dict__["total"], d.double(), d.shifted(3))
del d.total
print(d.total)


@functools.singledispatch
def describe(value):
    return f"thing {value!r}"


@describe.register
def _(value: int):
    return f"int {value}"


@describe.register(list)
@describe.register(tuple)
def _(value):
    return f"sequence of {len(value)}"


print(describe(1), describe([1, 2]), describe((1,)), describe("x"), describe(True), describe.dispatch(bool) is describe.dispatch(int))


class Method:
    @functools.singledispatchmethod
    def show(self, value):
        return "other"

    @show.register
    def _(self, value: str):
        return "text"


print(Method().show("a"), Method().show(1))
print(sorted(["b", "C", "a"], key=functools.cmp_to_key(lambda x, y: (x.lower() > y.lower()) - (x.lower() < y.lower()))))


def original(a: int) -> str:
    """Doc."""


@functools.wraps(original)
def wrapped(*args):
    return original(*args)


print(wrapped.__name__, wrapped.__doc__, wrapped.__annotations__, wrapped.__wrapped__ is original)
compose = lambda *fs: functools.reduce(lambda f, g: lambda x: g(f(x)), fs)
print(compose(str, len, lambda n: n + 1)(12345))
print(repr(functools.partial(int, base=2)), functools.partial(int, base=2)("101"))


@functools.lru_cache(typed=True)
def typed(x):
    return type(x).__name__


print(typed(1), typed(1.0), typed.cache_info().currsize)
