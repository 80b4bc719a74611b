# Cycles: finalizers and weak references in CPython's order, resurrection, collection by itself, callbacks.
import gc, weakref
gc.collect()
class A:
    def __init__(s,n): s.n=n; s.me=s
    def __del__(s): print('del',s.n)
for i in range(3): A(i)
print(gc.collect())
class R:
    kept=[]
    def __init__(s): s.me=s
    def __del__(s): R.kept.append(s); print('res')
R(); print(gc.collect(), len(R.kept)); R.kept[0].me=None; R.kept.clear(); print(gc.collect())
class W: pass
w=W(); w.me=w
r=weakref.ref(w, lambda x: print('cb', x()))
del w; print(gc.collect(), r())
n=0
class C: pass
def cb(ph, info): 
    global n
    n+=1
gc.collect()
gc.callbacks.append(cb)
for i in range(100000):
    c=C(); c.me=c
print(n>50, len([o for o in gc.get_objects() if isinstance(o,C)])<5000)
print(gc.is_tracked([]), gc.is_tracked(1), gc.is_tracked((1,)))
def g():
    try: yield
    finally: print('fin')
def cyc():
    x=g(); next(x); l=[x]; l.append(l)
del c
gc.collect()
cyc()
print(gc.collect() > 0)

gc.callbacks.clear()


class Node:
    def __init__(self, name, other=None):
        self.name, self.other = name, other

    def __del__(self):
        print('gone', self.name, self.other.name if self.other else None)


a = Node('a')
b = Node('b', a)
a.other = b
ra = weakref.ref(a, lambda r: print('callback of a'))
b.own = weakref.ref(a, lambda r: print('never called: it dies too'))
f = weakref.finalize(b, print, 'finalize b')
del a, b
gc.collect()
print(ra(), f.alive)


class Bad:
    def __init__(self):
        self.me = self

    def __del__(self):
        raise KeyError('lost')


import sys
sys.unraisablehook = lambda info: print('unraisable', info.exc_type.__name__)
Bad()
gc.collect()
gc.disable()
before = gc.get_stats()[0]['collections']
for i in range(5000):
    Bad.x = [[]]
    Bad.x.append(Bad.x)
print(gc.isenabled(), gc.get_stats()[0]['collections'] - before)
gc.enable()
x = []
y = [x]
print(y in gc.get_referrers(x), gc.get_referents(y) == [x], any(o is y for o in gc.get_objects()))
gc.freeze()
print(gc.get_freeze_count() > 0)
gc.unfreeze()
print(gc.get_freeze_count())
