# Generators: laziness, return values, exhaustion, expressions, pipelines, state attributes.
import itertools


def countdown(n):
    print("start")
    while n > 0:
        yield n
        n -= 1
    print("end")
    return "lift off"


g = countdown(3)
print(next(g))
print(list(g))
try:
    next(g)
except StopIteration as stop:
    print("stopped", stop.value)
g = countdown(0)
try:
    next(g)
except StopIteration as stop:
    print(stop.value)


def naturals():
    n = 0
    while True:
        yield n
        n += 1


def evens(source):
    for n in source:
        if n % 2 == 0:
            yield n


def take(count, source):
    for n, _ in zip(source, range(count)):
        yield n


print(list(take(5, evens(naturals()))))
print(sum(n * n for n in range(10)), max((len(w), w) for w in ["a", "ccc", "bb"]))
print(list(itertools.islice((x for x in naturals() if x % 7 == 3), 4)))
lazy = (print("evaluated", n) or n for n in range(3))
print("nothing yet")
print(next(lazy))
print(next(lazy))


def tree(node):
    if node:
        left, value, right = node
        yield from tree(left)
        yield value
        yield from tree(right)


print(list(tree((((None, 1, None), 2, None), 3, (None, 4, None)))))


def inner():
    got = yield 1
    print("inner got", got)
    yield 2
    return "result"


def outer():
    result = yield from inner()
    print("outer got", result)
    yield 3


o = outer()
print(next(o), o.send("hello"), next(o))
print(next(o, "default"))


def state():
    yield


s = state()
print(s.gi_frame is not None, s.gi_running, s.gi_yieldfrom)
list(s)
print(s.gi_frame, type(s).__name__, s.__name__)


def immediately():
    print("runs")
    return
    yield


print(list(immediately()))
a, b, *c = (n for n in range(5))
print(a, b, c)
try:
    next(iter([]))
except StopIteration:
    print("empty")


def bad():
    yield 1
    raise StopIteration("inside")


try:
    list(bad())
except RuntimeError as error:
    print(error, type(error.__cause__).__name__)


def again():
    yield next(me)


me = again()
try:
    next(me)
except ValueError as error:
    print(error)
