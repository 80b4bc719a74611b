# One construct after another; compared with CPython by compare/, checked for stack depth by stack.rs.
name = 1
a = t"hello {name} and { name !r:>{width}} {name=} {(name)} tail"
b = t"" t"{name}" t"x{name+1:.2f}"
c = rt"\d{name}" t"z"
d = t"{ name }{ name = }{name!s}"
e = f"{name:{'>'}{10}}" f"a" "b" rf"\x{name}"
f1 = f"{name!a:\n>10}" f'{{}}'
g = f"{'a' 'b'}{name:%H:%M}{name:{{}}}"
h = rf"{name:\d}"
f''; f'a' 'b'; 
x = "a" f"{1}" "b" "c" f"{2}d"
def q[T: int = str, *Ts = *tuple[int], **P = [int]](a: T = 1, *args: *Ts, k: int = 3, **kw: P.kwargs) -> T:
    def inner() -> T: return T
    return inner
class G[T, U: (int, str)](Base, metaclass=M):
    x: T
    def m[V](self, v: V) -> T | V: return super().m(v)
    type A[W] = list[W] | T
    y = [T for _ in range(3)]
    z = (lambda: T)()
type Alias = int | str
type Alias2[K, *V] = dict[K, tuple[*V]]
try:
    pass
except A, B:
    pass
except (C):
    pass
try:
    pass
except* A as e:
    pass
except* B, C:
    raise
else: pass
finally: pass
async def co(x):
    async with a as b, c as (d, e):
        async for i in x:
            if i: break
            elif j: continue
        else:
            await z
    r = [await y async for y in x if await y]
    s = {k: v async for k, v in x for z in k}
    yield r
    g = (q async for q in x)
    return
async def co2():
    return [x async for x in y], {x async for x in y for z in w}, [[x async for x in z] for z in y]
def gen():
    x = yield
    y = yield 1, *x
    z = yield from y
    return z
def w():
    with a: 
        return 1
    for i in x:
        try:
            continue
        finally:
            with b: break
    while 1:
        try: pass
        except E as e: break
        finally: pass
def m(v):
    match v:
        case 1 | -1 | 2+3j | "a" "b" | None | True: pass
        case [a, *_, b] if a > b: pass
        case {"k": [x, *r], **rest}: pass
        case P(1, y=Q(z=2)) as p: pass
        case (a.b | c.d) as e: pass
        case [1, [2, 3] as w, *rest] | (rest, w): pass
        case {}: pass
        case (): pass
        case str(): pass
        case _: return
def s():
    global gg
    gg = 1
    nl = 1
    def t():
        nonlocal nl
        nl += 1
        del nl
    lambda x, /, y=1, *a, z, w=2, **k: (yield)
    [l := i for i in range(3)]
    print(l, *a, **b, c=1, **d)
    f(*a, b, *c, d=1)
    f(**a)
    f(*a)
    f(a, b=1)(c)[d:e, f][::2][1:2]
    del a[b], c.d, (e, [f])
    a.b[c] += 1; a.b += 1; a[b:c] -= 2; a[b:c:d] **= 2
    *a, b = c; [a, *b] = c; (a, b), c = d = e
    assert a, "msg"
    assert (a, b)
    assert not a or b
    return not a if b and c or d else (x < y < z)
if a < b < c and not (d or e): pass
while not (a and b): break
else: pass
x = a if b else c if d else e
x = [1,2,3]; x = {1,2,3}; x = (1,2,3); x = [1,2]; x = {1: 2, **a, 3: 4}; x = [*a, 1]; x = {*a}; x= (*a,)
for x in (1, 2, *y): pass
for x in [1, y]: pass
1 in [1, 2]; 1 in {1, 2, 3}; a in (b, c); a in [b, c]
x = -1; x = --1; x = ~1; x = not 1; x = 1 + 2 * 3; x = "a" * 3; x = (1, 2)[0]; x = 1j + 2; x = +True; x = ~True
x = 1 if 1 else 2; x = a or 1; x = 1 and a; x = None is None
if None: a
if 0: b
while 0: c
while True: break
if __debug__: d
@dec
@dec2(1)
class D(A, k=1, *b, **c):
    """doc
        string"""
    __private = 1
    def __m(self, __a=1): return self.__x, __a, __b
    x: int
    if y: z: str
    [x for x in x]
    locals()
    class __N: pass
    def f(self): __class__; self.q = 1; self.a: int = 2
def noret(): x
import a.b.c as d, e, f.g
from . import x as y, z
from ..a.b import (c, d as e)
from a import *
a.b().c(
  d).e(
 1)
(a
 .b
 .c())
super().x
def sup(self): super().x; super(A, b).y; super().__class__; super().z()
x: int; y: "str" = 1; (z): int = 2; a.b: int; a[b]: int = 3
print(all(x for x in y), any(x for x in y), tuple(x for x in y), sum(x for x in y))
lambda: (yield)
"%s %d" % (a, b); "%s-%r" % (a, b); "%5s%%" % (a,); "%-5.3s" % (a,); "%s" % a
if (x := 1): pass
[i for i in [1] for j in (2,) for k in [*z] if i if j]
