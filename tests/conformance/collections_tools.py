# collections: deque, Counter, defaultdict, OrderedDict, namedtuple, ChainMap, UserDict, UserList.
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, abc, defaultdict, deque, namedtuple

d = deque([1, 2, 3], maxlen=4)
d.append(4)
d.append(5)
d.appendleft(0)
print(d, d.maxlen, d[0], d[-1], len(d), 3 in d, d.count(2))
d.rotate(1)
print(d, d.pop(), d.popleft(), d.extend([7, 8]), d.extendleft([9]), d, d.index(7), d.reverse(), list(d))
d.remove(7)
d[0] = "x"
d.insert(1, "y")
print(d, d.copy(), deque("ab") + deque("c"), deque("ab") * 2, deque([1]) == deque([1]), deque("ab") < deque("b"))
for action in (lambda: deque().pop(), lambda: deque().popleft(), lambda: deque([1])[5], lambda: deque(maxlen=-1), lambda: deque([1, 2, 3, 4], 4).insert(0, 1)):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)
try:
    for item in (q := deque([1, 2])):
        q.append(3)
except RuntimeError as error:
    print(error)
del d[0]
print(list(reversed(d)), d.clear(), d, bool(d))
c = Counter("mississippi")
print(c, c.most_common(2), c["z"], sorted(c.elements()), c.total(), list(c))
c.update("miss")
c.subtract({"i": 5})
print(c, +c, c - Counter("s"), Counter("aab") + Counter("b"), Counter("aab") & Counter("abb"), Counter("aab") | Counter("abb"), Counter(a=1) <= Counter(a=2))
dd = defaultdict(list)
for word in ("ant", "bee", "ape"):
    dd[word[0]].append(word)
print(dd, dd["z"], dict(dd), dd.default_factory, defaultdict(int, a=1))
try:
    defaultdict(None)["x"]
except KeyError as error:
    print("KeyError", error)
try:
    defaultdict(5)
except TypeError as error:
    print(error)
o = OrderedDict.fromkeys("abc")
o.move_to_end("a")
o.move_to_end("c", last=False)
print(o, o.popitem(last=False), o == OrderedDict(b=None, a=None), o == {"a": None, "b": None}, list(reversed(o)))
Point = namedtuple("Point", "x y z", defaults=[0])
p = Point(1, y=2)
print(p, p.x, p[1], p._replace(x=9), p._asdict(), Point._fields, p == (1, 2, 0), Point._make([7, 8, 9]), p + (1,), Point._field_defaults)
x, *rest = p
print(x, rest, isinstance(p, tuple), hash(p) == hash((1, 2, 0)), Point.__doc__)
for action in (lambda: Point(), lambda: p._replace(q=1), lambda: setattr(p, "x", 5), lambda: namedtuple("T", "class"), lambda: namedtuple("T", "a a"), lambda: namedtuple("T", "_x")):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)
print(namedtuple("R", "a class a", rename=True)._fields)
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
m["c"] = 4
print(m, m["a"], m["b"], m.maps[0], m.new_child({"a": 0})["a"], m.parents, sorted(m), len(m))


class Upper(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.upper(), value)


u = Upper(a=1)
u.update(b=2)
print(u, u.data, "A" in u, UserList([1, 2]) + [3], UserString("abc").upper())
print(isinstance([], abc.Sequence), isinstance({}, abc.Mapping), isinstance(5, abc.Hashable), isinstance([], abc.Hashable), isinstance(iter([]), abc.Iterator), issubclass(deque, abc.MutableSequence))


class Bag(abc.Sequence):
    def __init__(self, *items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


b = Bag(1, 2, 3, 2)
print(2 in b, b.index(3), b.count(2), list(reversed(b)), isinstance(b, abc.Iterable))
