# copy: shallow, deep, cycles, own hooks, immutable values.
import copy

a = [1, [2, 3], {"k": [4]}]
s, d = copy.copy(a), copy.deepcopy(a)
a[1].append("x")
a.append(5)
a[2]["k"].append("y")
print(a, s, d, s[1] is a[1], d[1] is a[1])
loop = [1]
loop.append(loop)
deep = copy.deepcopy(loop)
print(deep[1] is deep, deep is loop)


class Node:
    def __init__(self, value):
        self.value = value
        self.children = []


n = Node([1])
n.children.append(n)
m = copy.deepcopy(n)
c = copy.copy(n)
print(m.children[0] is m, m.value is n.value, c.value is n.value, type(m).__name__)


class Custom:
    def __init__(self, v):
        self.v = v

    def __copy__(self):
        return Custom(self.v + 1)

    def __deepcopy__(self, memo):
        return Custom(self.v + 100)


print(copy.copy(Custom(1)).v, copy.deepcopy([Custom(1)])[0].v)
t = (1, "a", frozenset([1]))
print(copy.deepcopy(t) is t, copy.copy(t) is t, copy.deepcopy(print) is print, copy.deepcopy((1, [2])) == (1, [2]))


class State:
    def __init__(self):
        self.kept, self.dropped = 1, 2

    def __getstate__(self):
        return {"kept": self.kept}

    def __setstate__(self, state):
        self.__dict__.update(state, restored=True)


print(vars(copy.copy(State())))


class Slots:
    __slots__ = ("a", "b")


x = Slots()
x.a = [1]
y = copy.deepcopy(x)
print(y.a, y.a is x.a, hasattr(y, "b"))


class MyList(list):
    pass


l = MyList([1, [2]])
l.tag = "t"
k = copy.deepcopy(l)
print(k, k.tag, type(k).__name__, k[1] is l[1], copy.copy({1, 2}), copy.copy(bytearray(b"x")))
shared = [0]
pair = copy.deepcopy([shared, shared])
print(pair[0] is pair[1])
class Point:
    def __init__(self, x): self.x = x
    def __replace__(self, /, **changes): return Point(changes.get("x", self.x))
print(copy.replace(Point(1), x=5).x)
