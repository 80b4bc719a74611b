# Corners of built-in classes: subclasses with keywords, answers of other classes, hashes in Python, layouts, closing asynchronous generators.

import gc
import warnings
import weakref


def case(f):
    try:
        print(f.__name__, '->', f())
    except Exception as e:
        print(f.__name__, 'raised', type(e).__name__, e)


@case
def kw_set():
    class N(set):
        def __new__(cls, arg, newarg=None):
            self = super().__new__(cls, arg); self.newarg = newarg; return self
    try: N([1,2], newarg=3); return 'no error'
    except TypeError as e: return e

@case
def kw_deque():
    from collections import deque
    class X(deque): pass
    d = X()
    def bad(cls, *a, **k): return [42]
    X.__new__ = bad
    r = []
    for f in (lambda: d*42, lambda: d+deque([1,2,3])):
        try: f(); r.append('no error')
        except TypeError as e: r.append(e)
    return r

@case
def custom():
    class BS(bytes):
        pass
    class OB(bytes): pass
    class SW(str):
        def __new__(cls, value):
            self = str.__new__(cls, '\u20ac'); self.value = value; return self
        def __bytes__(self): return self.value
    r = [bytes(SW(b'abc')), bytes(SW(b'abc'), 'iso8859-15'), bytes(SW(BS(b'abc'))), BS(SW(b'abc')), BS(SW(b'abc'), 'iso8859-15'), BS(SW(BS(b'abc'))), BS(SW(OB(b'abc')))]
    r.append([type(x).__name__ for x in r])
    class B(BS):
        def __bytes__(self): return OB(b'abc')
    r += [bytes(B(b'foo')), type(bytes(B(b'foo'))).__name__, BS(B(b'foo')), type(BS(B(b'foo'))).__name__, type(OB(B(b''))).__name__]
    class BB(bytes):
        def __bytes__(self): return OB(b'abc')
    r += [type(bytes(BB())).__name__, type(BS(BB())).__name__]
    return r

@case
def unichange():
    r = []
    u = UnicodeEncodeError('baz', 'xxxxx', 1, 5, 'foo'); r.append(str(u)); u.end = 2; r.append(str(u)); u.end = 5; u.reason = 0x345345345345345345; r.append(str(u)); u.encoding = 4000; r.append(str(u)); u.start = 1000; r.append(str(u))
    u = UnicodeDecodeError('baz', b'xxxxx', 1, 5, 'foo'); r.append(str(u)); u.end = 2; r.append(str(u)); u.end = 5; u.reason = 0x345345345345345345; r.append(str(u)); u.encoding = 4000; r.append(str(u)); u.start = 1000; r.append(str(u))
    u = UnicodeTranslateError('xxxx', 1, 5, 'foo'); r.append(str(u)); u.end=2; r.append(str(u)); u.end=5; u.reason=34; r.append(str(u)); u.start=1000; r.append(str(u))
    return r

@case
def cycledict():
    class X(dict):
        def __init__(self):
            dict.__init__(self); self.__dict__ = self
    x = X(); x.attr = 42; wr = weakref.ref(x); del x; gc.collect()
    return wr(), [o for o in gc.get_objects() if type(o) is X]

@case
def gh55664():
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter('always')
        type('MyClass', (), {1: 2})
        class meta(type):
            def __new__(m, name, bases, ns):
                ns[1] = 2; return super().__new__(m, name, bases, ns)
        meta('MyClass', (), {})
        return [(x.category.__name__, str(x.message)) for x in w]

@case
def setclass():
    bad = []
    def cant(x, C):
        n = type(x)
        try: x.__class__ = C
        except TypeError: pass
        else: bad.append((n, C))
        try: delattr(x, '__class__'); bad.append('del')
        except (TypeError, AttributeError): pass
    class C: pass
    class Int(int): __slots__ = []
    cant(C(), list); cant(list(), C); cant(C(), 1); cant(C(), object); cant(object(), list); cant(list(), object); cant(True, int); cant(2, bool); o = object(); cant(o, int); cant(o, type(None))
    class G: __slots__ = ["a", "b"]
    class H: __slots__ = ["b", "a"]
    class I: __slots__ = ["a", "b"]
    class J: __slots__ = ["c", "b"]
    class K: __slots__ = ["a", "b", "d"]
    class L(H): __slots__ = ["e"]
    class M(I): __slots__ = ["e"]
    class N(J): __slots__ = ["__weakref__"]
    class P(J): __slots__ = ["__dict__"]
    class Q(J): pass
    class R(J): __slots__ = ["__dict__", "__weakref__"]
    for a, b in ((G, H), (G, I), (I, H), (Q, R), (R, Q)):
        x = a(); x.a = 1; x.__class__ = b
        if x.a != 1 or x.__class__ is not b: bad.append(('x', a, b))
        x.__class__ = a
        if x.a != 1: bad.append(('y', a, b))
    for a in G, J, K, L, M, N, P, R, list, Int:
        for b in G, J, K, L, M, N, P, R, list, Int:
            if a is not b: cant(a(), b)
    return bad

class Hashed(int):
    calls = 0

    def __hash__(self):
        self.calls += 1
        return int.__hash__(self)

    def __eq__(self, other):
        return int(self) == int(other)


@case
def hashes():
    d = dict.fromkeys(map(Hashed, range(3)), 'v')
    copy = set(d), frozenset(d)
    counted = [k.calls for k in d]
    return d, copy, counted, {} | dict.fromkeys([Hashed(5)]), {1: 1} | {Hashed(1): 2}


def steps(*actions):
    async def g():
        while True:
            try:
                yield 1
            except GeneratorExit:
                yield 2
            except KeyError:
                return

    a = g()
    for method, args, how in actions:
        step = getattr(a, method)(*args)
        for call in how:
            try:
                print(method, call, step.send(None) if call == 'send' else step.throw(GeneratorExit) if call == 'throw' else step.close())
            except BaseException as e:
                print(method, call, type(e).__name__, e)
    try:
        a.athrow(KeyError).send(None)
    except BaseException as e:
        print('end', type(e).__name__, e)


steps(('asend', [None], ['send', 'close', 'throw', 'send']))
steps(('__anext__', [], ['send']), ('aclose', [], ['send', 'throw', 'close', 'send']))
steps(('__anext__', [], ['send']), ('athrow', [GeneratorExit], ['send', 'close', 'throw', 'send']))
