# operator and reprlib.
import operator
import reprlib

people = [{"n": "bob", "a": 5}, {"n": "ann", "a": 7}]
print(sorted(people, key=operator.itemgetter("n"))[0], operator.itemgetter(1, 0)("ab"), operator.attrgetter("real", "imag")(3 + 4j), operator.methodcaller("split", ",")("a,b"))
print(operator.add(1, 2), operator.mul(3, "a"), operator.contains([1], 1), operator.getitem([5, 6], 1), operator.truth([]), operator.is_(None, None), operator.neg(5), operator.index(True))
print(operator.concat([1], [2]), operator.countOf([1, 2, 1], 1), operator.indexOf("abc", "c"), operator.floordiv(7, 2), operator.mod(7, 4), operator.xor(6, 3), operator.lt(1, 2), operator.not_(1))
a = [1]
print(operator.iadd(a, [2]), a, operator.length_hint(iter([1, 2])), operator.call(max, 3, 9))
d = {}
operator.setitem(d, "k", 1)
print(d, operator.delitem(d, "k"), d)


class C:
    def __init__(self):
        self.inner = [1, 2]

    def m(self, *args, **kwargs):
        return args, kwargs


print(operator.attrgetter("inner.__len__")(C())(), operator.methodcaller("m", 1, k=2)(C()), repr(operator.itemgetter(1)), repr(operator.attrgetter("a.b")))
for action in (lambda: operator.attrgetter(5), lambda: operator.indexOf([], 1)):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)
print(reprlib.repr(list(range(100))), reprlib.repr("x" * 100), reprlib.repr({n: n for n in range(10)}), reprlib.repr(set(range(20))), reprlib.repr(10 ** 80))
r = reprlib.Repr()
r.maxlist = 2
r.maxstring = 10
print(r.repr([1, 2, 3]), r.repr("abcdefghijklmnop"), r.repr([[[[[[[1]]]]]]]))


class Recursive:
    def __init__(self):
        self.items = [self]

    @reprlib.recursive_repr("<again>")
    def __repr__(self):
        return f"R({self.items})"


print(Recursive())
