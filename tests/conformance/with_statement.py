# with: order, several managers, suppression, exceptions in enter and exit, as-targets.
class Gate:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self.name

    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind.__name__ if kind else None, value)
        return self.swallow


with Gate("a") as a, Gate("b") as b:
    print(a, b)
with Gate("outer"):
    with Gate("inner", swallow=True):
        raise ValueError("swallowed")
    print("goes on")
try:
    with Gate("one"), Gate("two"):
        raise KeyError("leaves")
except KeyError as error:
    print("caught", error)


def early():
    with Gate("function"):
        return "returned"


print(early())
for n in range(3):
    with Gate(n):
        if n == 1:
            break
with (
    Gate("parenthesised") as p,
    Gate("second") as q,
):
    print(p + q)


class Broken:
    def __enter__(self):
        raise RuntimeError("cannot enter")

    def __exit__(self, *args):
        print("never")


try:
    with Gate("first"), Broken():
        print("never")
except RuntimeError as error:
    print(error)


class Pair:
    def __enter__(self):
        return 1, [2, 3]

    def __exit__(self, *args):
        pass


with Pair() as (x, [y, *z]):
    print(x, y, z)
holder = {}
with Pair() as holder["key"]:
    print(holder)


def generator():
    with Gate("in generator"):
        yield 1
        yield 2


for value in generator():
    print(value)
    break
print("end")
