# weakref: ref, proxy, WeakSet, WeakKeyDictionary, WeakMethod, finalize, what cannot be referenced.
import weakref


class Thing:
    def __init__(self, name):
        self.name = name

    def hello(self):
        return "hello " + self.name

    def __repr__(self):
        return f"Thing({self.name})"


t = Thing("t")
r = weakref.ref(t)
print(r(), r() is t, weakref.getweakrefcount(t), r == weakref.ref(t), weakref.ref(t) is r)
p = weakref.proxy(t)
print(p.name, p.hello())
p.name = "changed"
print(t.name)
m = weakref.WeakMethod(t.hello)
print(m()())
log = []
cb = weakref.ref(t, log.append)
fin = weakref.finalize(t, log.append, "finalized")
print(fin.alive)
del t
print(r(), m(), len(log), fin.alive)
try:
    p.name
except ReferenceError as error:
    print(error)
for value in (1, "text", (1,), [], {}):
    try:
        weakref.ref(value)
    except TypeError as error:
        print(error)
s = weakref.WeakSet()
a, b = Thing("a"), Thing("b")
s.add(a)
s.add(b)
print(len(s), a in s, sorted(x.name for x in s))
del a
print(len(s), [x.name for x in s])
k = weakref.WeakKeyDictionary()
k[b] = "value"
print(k[b], len(k), list(k.items()))
del b
print(len(k), len(s))
f = Thing("f")
fin = weakref.finalize(f, print, "detached?")
print(fin.detach() is not None, fin.alive)
del f


class Slots:
    __slots__ = ("x",)


try:
    weakref.ref(Slots())
except TypeError as error:
    print(error)


class Weakable:
    __slots__ = ("__weakref__",)


w = Weakable()
print(weakref.ref(w)() is w)
v = weakref.WeakValueDictionary({1: w})
print(list(v), v[1] is w, v.pop(1) is w, len(v))


class Atexit:
    pass


keep = Atexit()
weakref.finalize(keep, print, "finalize at exit")
print("end")
