# needs: 3.14
# Template strings, except without parentheses, deferred annotations, map(strict=), Placeholder, heap of maxima.
import functools
import heapq
from string.templatelib import Interpolation, Template

name, n = "loom", 3
t = t"hello {name!r:>6} and {n + 1}"
print(type(t).__name__, t.strings, t.values)
for part in t:
    if isinstance(part, Interpolation):
        print(part.value, part.expression, part.conversion, part.format_spec)
    else:
        print(repr(part))
print(isinstance(t, Template), (t"a" + t"b").strings)
try:
    {}["missing"]
except KeyError, IndexError:
    print("without parentheses")


def later(a: undefined_name) -> int:
    return a


print(later(5))
print(list(map(lambda a, b: a + b, [1, 2], [3, 4], strict=True)))
try:
    list(map(lambda a, b: a + b, [1], [3, 4], strict=True))
except ValueError as error:
    print(error)
print(functools.partial(divmod, functools.Placeholder, 5)(17))
h = []
for value in (3, 9, 1):
    heapq.heappush_max(h, value)
print(heapq.heappop_max(h), h)
