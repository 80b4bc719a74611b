# Objects die when the last reference goes: __del__, weak references, callbacks, cycles with gc, generators.
import gc
import weakref


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


a = Noisy("a")
b = a
del a
print("still there")
b = None
print("gone")


def function():
    local = Noisy("local")
    print("in function")


function()
print("after function")
items = [Noisy("x"), Noisy("y")]
items.pop(0)
print("popped")
items.clear()
print("cleared")
Noisy("temporary")
print("temporary gone")
d = {"k": Noisy("in dict")}
d["k"] = 1
n = Noisy("rebound")
n = Noisy("second")
print("rebound done")
del n


class Node:
    def __init__(self, name):
        self.name = name
        self.me = self

    def __del__(self):
        print("cycle", self.name)


gc.collect()
gc.disable()
node = Node("one")
ref = weakref.ref(node, lambda r: print("callback", r() is None))
del node
print("cycle still alive:", ref() is not None)
gc.collect()
print("collected:", ref() is None)
gc.enable()


class Reborn:
    saved = None

    def __del__(self):
        print("reviving")
        Reborn.saved = self


r = Reborn()
del r
print(Reborn.saved is not None)
Reborn.saved = None
print("not revived twice:", Reborn.saved)


class Bad:
    def __del__(self):
        raise ValueError("ignored in del")


try:
    raise ValueError(Noisy("held by exception"))
except ValueError as error:
    print("handling")
print("handled")
w = weakref.WeakValueDictionary()
kept = Noisy("kept")
w["k"] = kept
print(len(w), "k" in w)
del kept
print(len(w), w.get("k"))
f = Noisy("finalized")
weakref.finalize(f, print, "finalize runs", 1)
del f
print("end")
last = Noisy("at exit")
