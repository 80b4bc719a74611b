# Sets and frozen sets: algebra, methods, comparisons, errors; output sorted because set order is no promise for text.
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a | b, a & b, a - b, a ^ b, a.union([9], (8,)), a.intersection(b, [4]), a.difference([1]), a.symmetric_difference([1, 7]))
print(a <= b, {3} < b, a >= {1}, a > a, a == {4, 3, 2, 1}, a.issubset(range(9)), a.issuperset([1]), a.isdisjoint([7]))
s = set("hello")
print(sorted(s), len(s), "h" in s, s.add("x"), s.discard("zz"), s.remove("h"), sorted(s))
s.update("abc", ["d"])
s -= {"a"}
s |= {"q"}
s &= set("abcdq")
s ^= {"q", "r"}
print(sorted(s), s.copy() == s)
f = frozenset([1, 2])
print(f, f | {3}, {f: "key"}[frozenset([2, 1])], hash(f) == hash(frozenset([2, 1])), f == {1, 2}, type(f & a).__name__, type(a & f).__name__)
for action in ("s.remove('none')", "set().pop()", "f.add(3)", "s | [1]", "set(5)", "{1} < [1]", "hash({1})"):
    try:
        print(eval(action))
    except Exception as error:
        print(action, "->", type(error).__name__, error)
print(set(), frozenset(), {1}, set([1, 1.0, True]), {*"aa"}, repr(frozenset("a")))
try:
    for item in (grow := {1, 2, 3}):
        grow.add(item + 10)
except RuntimeError as error:
    print(error)
only = {5}
print(only.pop(), only, only.clear(), bool(only))
print({frozenset({1}), frozenset({1})}, {1, 2} - {2}, set(range(5)) & set(range(3, 9)), sorted(set([3, 1, 2]), reverse=True))
print({n % 3 for n in range(10)}, sum({1, 2, 3}), max({4, 9, 2}), len({n * n for n in range(-5, 6)}))


class Odd:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n % 2 == other.n % 2

    def __hash__(self):
        return self.n % 2


print(len({Odd(1), Odd(3), Odd(2), Odd(4)}), Odd(5) in {Odd(7)})
