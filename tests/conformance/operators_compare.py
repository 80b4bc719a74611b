# Comparisons: chains, reflected, total_ordering, identity, containment, hash rules.
from functools import total_ordering


@total_ordering
class Version:
    def __init__(self, text):
        self.parts = tuple(int(part) for part in text.split("."))

    def __eq__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self.parts == other.parts

    def __lt__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self.parts < other.parts

    def __hash__(self):
        return hash(self.parts)

    def __repr__(self):
        return ".".join(map(str, self.parts))


a, b, c = Version("1.2"), Version("1.10"), Version("1.2")
print(a < b, a > b, a <= c, a >= b, a == c, a != c, a == 3, a != "x")
print(sorted([b, a, Version("0.9")]), max(a, b), {a: 1}[c], len({a, b, c}))
try:
    a < 3
except TypeError as error:
    print(error)


def show(n):
    print("eval", n)
    return n


print(show(1) < show(2) < show(3))
print(show(1) < show(0) < show(3))
print(1 < 2 > 1 == 1 != 2, 1 in [1] in [[1]])
print([] is [], None is None, 3 in {3: 0}, "ell" in "hello", 2 not in (1, 2))


class Plain:
    def __eq__(self, other):
        return True


try:
    hash(Plain())
except TypeError as error:
    print(error)
print([Plain()] == [1], Plain() in [1], Plain() != 1)
print(float("nan") == float("nan"), [float("nan")] == [float("nan")])
n = float("nan")
print([n] == [n], n in [n])
print((1, 2) < (1, 3), [1, 2] < [1], "a" < "b", (1, "a") == (1.0, "a"), {1, 2} < {1, 2, 3}, {1} <= {2})
try:
    sorted([1, "a"])
except TypeError as error:
    print(error)
print(True == 1, 1.0 == 1, hash(1.0) == hash(1) == hash(True))


class Weird:
    def __lt__(self, other):
        return "less"

    def __gt__(self, other):
        return []

    def __contains__(self, item):
        return "yes"


w = Weird()
print(w < 1, w > 1, 5 < w, 5 in w, (w < 1) and "truthy")
