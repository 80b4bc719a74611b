# Scopes: closures, nonlocal, global, late binding, class scopes, comprehension scopes, unbound names, del.
def counter(start=0):
    count = start

    def step(by=1):
        nonlocal count
        count += by
        return count

    def peek():
        return count

    return step, peek


step, peek = counter(10)
step(), step(5)
print(peek(), step.__closure__[1].cell_contents if len(step.__closure__) > 1 else step.__closure__[0].cell_contents)
print([f() for f in [lambda: n for n in range(3)]])
print([f() for f in [lambda n=n: n for n in range(3)]])

total = 0


def add(n):
    global total, made
    total += n
    made = "by add"


add(3)
print(total, made)

x = "global"


class Scope:
    x = "class"
    seen = x

    def method(self):
        return x

    listed = [x for _ in range(1)]
    pair = [(y, x) for y in x][:1]


print(Scope.seen, Scope().method(), Scope.listed, Scope.pair)


def unbound(flag):
    if flag:
        value = 1
    return value


try:
    unbound(False)
except UnboundLocalError as error:
    print(error)


def free():
    def inner():
        return later
    try:
        inner()
    except NameError as error:
        print(type(error).__name__, error)
    later = 5
    return inner()


print(free())
try:
    undefined_name
except NameError as error:
    print(error, error.name)
z = 1
del z
try:
    z
except NameError as error:
    print(error)


def deleting():
    n = 1
    del n
    try:
        n
    except UnboundLocalError as error:
        print(error)


deleting()
print([n for n in range(3) if (last := n) >= 0], last)


def nested():
    a = 1

    def two():
        b = 2

        def three():
            nonlocal a, b
            a += 10
            b += 10
            return a + b
        return three() + b
    return two() + a


print(nested())
print(sorted(locals_in := (lambda a, b: locals())(1, 2)), type(locals_in).__name__)


def explicit():
    global x
    x = "changed"
    return globals()["x"]


print(explicit(), x)
try:
    exec("def bad():\n    nonlocal q\n")
except SyntaxError as error:
    print(error.msg)
namespace = {}
exec("a = 1\ndef f(): return a + b", namespace)
namespace["b"] = 41
print(namespace["f"]())
