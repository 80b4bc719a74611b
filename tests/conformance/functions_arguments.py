# Calls: defaults, keyword-only, positional-only, star-arguments, and every message for a wrong call.
def f(a, b=2, *args, c, d=4, **kwargs):
    return a, b, args, c, d, kwargs


print(f(1, c=3))
print(f(1, 5, 6, 7, c=3, d=8, e=9))
print(f(*[1, 2, 3], **{"c": 4, "z": 5}))
print(f(*"ab", *range(2), c=0, **{"x": 1}, **{"y": 2}))


def g(a, b, /, c, *, d):
    return a, b, c, d


print(g(1, 2, 3, d=4), g(1, 2, c=3, d=4))


def h(x, /, **kwargs):
    return x, kwargs


print(h(1, x=2))


def default(item, bag=[]):
    bag.append(item)
    return bag


print(default(1), default(2), default(3, []))
three = 3
calls = [
    "f()", "f(1)", "f(1, c=2, a=3)", "g(1, 2)", "g(1, 2, 3, 4)", "g(a=1, b=2, c=3, d=4)", "g(1, 2, 3, d=4, e=5)",
    "h()", "default()", "default(1, 2, 3)", "default(1, bug=2)", "f(*5)", "f(**5)", "f(1, c=2, **{'c': 3})",
    "f(1, **{1: 2}, c=3)", "(lambda: 0)(1)", "len()", "len(1, 2)", "f(*[1], c=1, *[2])", "len(x=1)", "three()",
]
for call in calls:
    try:
        print(call, "->", eval(call))
    except TypeError as error:
        print(call, "->", error)
print(f.__defaults__, f.__kwdefaults__, g.__code__.co_argcount, g.__code__.co_posonlyargcount, g.__code__.co_kwonlyargcount)
print(f.__code__.co_varnames)


def outer():
    def inner(a: int, b: "str" = "x") -> float:
        "documented"
        return 1.0
    return inner


i = outer()
print(i.__name__, i.__qualname__, i.__doc__, i.__annotations__)
i.tag = "attribute"
print(i.tag, i.__dict__)
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4))
order = []


def note(value):
    order.append(value)
    return value


dict([(note("key"), note("value"))], **{note("k"): note("v")})
f(note(1), *[note(2)], c=note(3), **{"z": note(4)})
print(order)
