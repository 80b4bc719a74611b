# needs: 3.14
# Every form of the language in a small place: t-strings, type parameters, lazy annotations, clauses without parentheses, `match`,
# comprehensions, scopes, stars, deletions.
import annotationlib
import warnings
from string.templatelib import Interpolation, Template


def show(*values):
    print(*[repr(value) for value in values])


# Templates.
name, width = 'World', 10
t = t'Hello {name!r:>{width}} and {name=} {1 + 1:.2f}' t' tail {{}}'
show(type(t) is Template, t.strings, t.values, [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations])
show(list(t'{name}x'), t'' + t'a{1}', t.interpolations[0])
match t'{name:spec}'.interpolations[0]:
    case Interpolation(value, expression, conversion, spec):
        show(value, expression, conversion, spec)
try:
    t'a' + 'b'
except TypeError as error:
    show(str(error))
show(rt'\n{name}'.strings, f"{t'{name}'.values}", t"{f'{name}'}".values, t'{(lambda: 3)()}'.values)


# Type parameters.
class Many[*Ts, **P]: ...


class Box[T: (int, str), U = int]:
    def get[V = list[T]](self, v: V) -> T:
        return v


type Pair[A, B = A] = tuple[A, B]
type Lazy = Undefined | int
show(Box.__type_params__, Box.get.__type_params__, Pair, Pair.__type_params__, Pair[int, str], Pair.__value__)
T, U = Box.__type_params__
show(Many.__type_params__, Many[int, str, [float]], Many.__mro__)
show(T.__constraints__, U.__default__, U.has_default(), T.has_default(), Box.get.__type_params__[0].__default__, Box.__orig_bases__)
try:
    Lazy.__value__
except NameError as error:
    show(str(error))
Undefined = str
show(Lazy.__value__, annotationlib.call_evaluate_function(Pair.evaluate_value, annotationlib.Format.STRING))
show(Box[int], Box[str, float], Box.__parameters__)


# Annotations.
class Later:
    x: Missing
    y: 'text' = 1
    z: list[Missing2 | int]

    def m(self, a: Missing3, *b: int, c: Undefined = 3) -> Missing: ...


show(annotationlib.get_annotations(Later, format=annotationlib.Format.FORWARDREF)['x'])
show(annotationlib.get_annotations(Later, format=annotationlib.Format.STRING))
show(annotationlib.get_annotations(Later.m, format=annotationlib.Format.STRING))
try:
    Later.__annotations__
except NameError as error:
    show(str(error), error.name)
Missing = Missing2 = Missing3 = float
show(Later.__annotations__, Later.m.__annotations__)


def conditional(flag):
    class C:
        if flag:
            a: int
        else:
            b: str
        for c in []:
            d: float
    return C.__annotations__


show(conditional(True), conditional(False))

# Clauses without parentheses, groups, `finally` that leaves.
for kind in (ValueError, KeyError, IndexError):
    try:
        raise kind('x')
    except ValueError, KeyError:
        print('first two', kind.__name__)
    except IndexError as error:
        print('third', error)
try:
    try:
        raise ExceptionGroup('g', [ValueError(1), ExceptionGroup('h', [TypeError(2), KeyError(3)])])
    except* (ValueError, TypeError) as group:
        show(group.exceptions)
except ExceptionGroup as rest:
    show(rest)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    exec('''
def f():
    try:
        return 1
    finally:
        return 2
def g():
    for i in range(3):
        try:
            1 / 0
        finally:
            continue
    while True:
        try:
            pass
        finally:
            break
''')
    show(f())
for warning in caught:
    show(warning.category.__name__, str(warning.message), warning.lineno)


# match
class Point:
    __match_args__ = ('x', 'y')

    def __init__(self, x, y):
        self.x, self.y = x, y


def kind(v):
    match v:
        case None | True | False:
            return 'singleton'
        case 0 | -1.5 | 2 + 3j | 'text' | b'bytes':
            return 'literal'
        case int(n) | float(n) if n > 10:
            return f'big {n}'
        case [] | ():
            return 'empty'
        case [x]:
            return f'one {x}'
        case [x, *_, y] if x == y:
            return 'same ends'
        case (first, *rest):
            return f'{first} then {rest}'
        case {'a': 1, **others}:
            return f'a and {others}'
        case {'p': Point(x=0, y=[y, _]), 'q': None}:
            return f'nested {y}'
        case Point(0, y=0):
            return 'origin'
        case Point(x, y) as p if x == y:
            return f'diagonal {p.x}'
        case Point():
            return 'point'
        case str() as s:
            return f'str {s}'
        case Later.y:
            return 'value'
        case _:
            return 'other'


for v in [None, True, 0, -1.5, 2 + 3j, 'text', b'bytes', 11, 11.5, [], (), [1], [1, 2, 1], (1, 2, 3), {'a': 1, 'b': 2}, {'p': Point(0, [5, 6]), 'q': None},
          Point(0, 0), Point(4, 4), Point(1, 2), 's', 1, 3, {1}]:
    print(kind(v), end='; ')
print()

# Comprehensions and walrus.
async def numbers(n):
    for i in range(n):
        yield i


async def gather():
    a = [i async for i in numbers(5) if i % 2]
    b = {i: [j async for j in numbers(i)] async for i in numbers(3)}
    c = [x for y in [await one() for _ in range(2)] for x in y]
    d = [i async for i in (k * 2 async for k in numbers(3))]
    return a, b, c, d, {i async for i in numbers(2)}


async def one():
    return [1]


def drive(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value


show(drive(gather()))
show([last := n for n in range(3)], last, [(a := 1, b := 2), a + b], (lambda: (w := 5) + w)())
if (n := len('abc')) > 2 and (m := n * 2):
    show(n, m)


class Scope:
    x = 1
    values = [x for _ in range(2) if True] if False else [y for y in [x]]

    def cell(self):
        return __class__, super().__init__.__qualname__

    nested = [(lambda: i)() for i in range(2)]
    x += 1


show(Scope().cell(), Scope.x, Scope.values, Scope.nested)


def outer():
    v = 1

    def inner():
        nonlocal v
        global made
        v += 1
        made = v
        del v
        try:
            v
        except NameError as error:
            return str(error)
    return inner()


show(outer(), made)

# Stars, chains, lambdas, deletions, strings in strings.
first, *middle, last = *range(3), *'ab', *{9: 1}
show(first, middle, last, [*'ab', *(1, 2)], {**{'a': 1}, 'b': 2, **{'a': 3}}, (*[],), {*()})
show(1 < 2 < 3 != 4 in [4] is not None, not 1 == 2 > 3, (lambda a, /, b=2, *c, d=4, **e: (a, b, c, d, e))(1, 5, 6, f=7))
show(f"{f'{f"{1 + 1}"}'}", f'{"nested" + "quotes"!r:>{10 + 5}}', f'{3.14159:{"."}{2}f}', f'{ {"a": 1}["a"] }', f'{1:{"0"}>{3}}', f'''{
    1  # comment
}''')
a = [1, 2, 3]
d = {'k': 1}
d2 = Point(1, 2)
del a[0], d['k'], d2.x, (name, [width])
show(a, d, vars(d2), 'name' in globals(), __debug__)
x = y = [0]
x[0], x = 5, y
x @= type('M', (), {'__rmatmul__': lambda s, o: 'matmul'})()
i = 5
i **= 2; i //= 3; i <<= 1; i |= 1; i ^= 3; i &= 0xff; i %= 7; i -= -1
show(x, y, i, 0xFF, 0b11, 0o17, 1_000, 1e3, 1j, .5, 0x_f)


def decorate(tag):
    return lambda f: lambda *args: (tag, f(*args))


@decorate('outer')
@(lambda f: decorate('inner')(f))
def decorated(v):
    return v


show(decorated(3))


def generator():
    received = yield 1
    try:
        yield from [received, 2]
    finally:
        print('closed')
    return 'end'


g = generator()
show(next(g), g.send('sent'))
g.close()
with open(__file__) as f, warnings.catch_warnings():
    show(f.closed)
for i in range(3):
    if i == 1:
        continue
    if i == 2:
        break
else:
    print('not reached')
while i:
    i -= 1
else:
    print('ended')
assert True, 'never'
show(type(...), ... is Ellipsis, None.__class__, (yield_ := 3))
