# send, throw and close on generators, finally order, delegation of all three.
def averager():
    total, count, average = 0, 0, None
    while True:
        try:
            value = yield average
        except ValueError as error:
            print("caught", error)
            total = count = 0
            average = None
            continue
        total += value
        count += 1
        average = total / count


a = averager()
print(next(a), a.send(10), a.send(20), a.throw(ValueError("reset")), a.send(5))
a.close()
try:
    a.send(1)
except StopIteration:
    print("closed")
b = averager()
try:
    b.send(1)
except TypeError as error:
    print(error)


def guarded(name):
    try:
        print(name, "enter")
        while True:
            yield name
    except GeneratorExit:
        print(name, "exit")
        raise
    finally:
        print(name, "finally")


g = guarded("one")
next(g)
g.close()
g.close()
g = guarded("two")
next(g)
try:
    g.throw(KeyError("thrown"))
except KeyError as error:
    print("out came", error)


def stubborn():
    while True:
        try:
            yield
        except GeneratorExit:
            print("ignoring")


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as error:
    print(error)


def returning():
    try:
        yield 1
    except GeneratorExit:
        return "value of close"


r = returning()
next(r)
print(r.close())


def inner():
    try:
        while True:
            got = yield
            print("inner", got)
    except ValueError:
        print("inner ValueError")
        return "recovered"
    finally:
        print("inner finally")


def outer():
    result = yield from inner()
    print("outer", result)
    yield "after"


o = outer()
next(o)
o.send("x")
print(o.throw(ValueError))
o.close()
o = outer()
next(o)
o.close()
fresh = guarded("fresh")
try:
    fresh.throw(ValueError("before start"))
except ValueError as error:
    print(error)
print(list(fresh))


def chained():
    try:
        yield
    except ValueError as error:
        raise KeyError("other") from error


c = chained()
next(c)
try:
    c.throw(ValueError("first"))
except KeyError as error:
    print(repr(error), repr(error.__cause__))


class Iterator:
    def __iter__(self):
        return self

    def __next__(self):
        return "next"

    def send(self, value):
        return ("sent", value)

    def throw(self, error):
        return ("thrown", type(error).__name__)


def delegate():
    yield from Iterator()


d = delegate()
print(next(d), d.send(1), d.throw(ValueError()))


def drop():
    try:
        yield 1
    finally:
        print("dropped generator closes")


d = drop()
next(d)
del d
print("after del")
