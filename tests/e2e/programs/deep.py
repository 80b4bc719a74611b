# Recursion in every form. Each form must end in a result or in a Python exception, never in the end of the engine: PART of PARTS is run,
# and the last line says how many forms that were.
PART = 0
PARTS = 12

import sys, time

N = 10_000
cases = []


def case(function):
    cases.append(function)
    return function


def nested(make, start, n=N):
    x = start
    for _ in range(n):
        x = make(x)
    return x


def compiling(name, text, mode="exec"):
    def run():
        compile(text, "deep", mode)

    def parse():
        import ast

        tree = ast.parse(text, mode=mode)
        ast.unparse(tree)
        ast.dump(tree)
        list(ast.walk(tree))
        compile(tree, "deep", mode)

    run.__name__ = "compile " + name
    parse.__name__ = "ast " + name
    cases.append(run)
    cases.append(parse)


for n in (90, 330, 1_000, 20_000):
    compiling(f"parentheses {n}", "(" * n + "1" + ")" * n, "eval")
    compiling(f"lists {n}", "[" * n + "]" * n, "eval")
    compiling(f"dicts {n}", "{1:" * n + "1" + "}" * n, "eval")
    compiling(f"minus {n}", "-" * n + "1", "eval")
    compiling(f"not {n}", "not " * n + "1", "eval")
    compiling(f"attributes {n}", "a" + ".b" * n, "eval")
    compiling(f"calls {n}", "a" + "()" * n, "eval")
    compiling(f"nested calls {n}", "f(" * n + ")" * n, "eval")
    compiling(f"subscripts {n}", "a" + "[0]" * n, "eval")
    compiling(f"sum {n}", "1" + "+a" * n, "eval")
    compiling(f"power {n}", "1" + "**a" * n, "eval")
    compiling(f"compare {n}", "1" + "<a" * n, "eval")
    compiling(f"and {n}", "1" + " and a" * n, "eval")
    compiling(f"if else {n}", "a if b else " * n + "1", "eval")
    compiling(f"lambda {n}", "lambda: " * n + "1", "eval")
    compiling(f"await {n}", "async def f():\n " + "await " * min(n, 10) + "(" + "await " * n + "a)")
    compiling(f"walrus {n}", "(a := " * n + "1" + ")" * n, "eval")
    compiling(f"comprehension {n}", "[" * n + "1" + " for a in b]" * n, "eval")
    compiling(f"fstring {n}", "f'{" * n + "1" + "}'" * n, "eval")
    compiling(f"fstring formats {n}", "f'{1:{" * n + "1" + "}}'" * n, "eval")
    compiling(f"strings {n}", "'a' " * n, "eval")
    compiling(f"elif {n}", "if a: pass\n" + "elif a: pass\n" * n)
    compiling(f"star {n}", "[" + "*[" * n + "]" * n + "]", "eval")
    compiling(f"pattern {n}", "match a:\n case " + "[" * n + "]" * n + ": pass")
    compiling(f"pattern or {n}", "match a:\n case " + "1 | " * n + "2: pass")
    compiling(f"pattern as {n}", "match a:\n case " + "A(x=" * n + "1" + ")" * n + ": pass")
    compiling(f"targets {n}", "(" * n + "a" + ",)" * n + " = b")
    compiling(f"chain {n}", "a = " * n + "b")
    compiling(f"decorators {n}", "@a\n" * n + "def f(): pass")
    compiling(f"subscript types {n}", "x: " + "list[" * n + "int" + "]" * n)
for n in (15, 98, 1_000):
    compiling(f"functions {n}", "".join(" " * i + "def f():\n" for i in range(n)) + " " * n + "pass")
    compiling(f"classes {n}", "".join(" " * i + "class f:\n" for i in range(n)) + " " * n + "pass")
    compiling(f"ifs {n}", "".join(" " * i + "if a:\n" for i in range(n)) + " " * n + "pass")
    compiling(f"tries {n}", "".join(" " * i + "try:\n" for i in range(n)) + " " * n + "pass" + "\n" + "".join(" " * (n - i - 1) + "finally: pass\n" for i in range(n)))
    compiling(f"withs {n}", "".join(" " * i + "with a:\n" for i in range(n)) + " " * n + "pass")
    compiling(f"fors {n}", "".join(" " * i + "for a in b:\n" for i in range(n)) + " " * n + "pass")
    compiling(f"matches {n}", "".join(" " * i + ("match a:\n" if i % 2 == 0 else "case 1:\n") for i in range(n // 2 * 2)) + " " * n + "pass")


@case
def python_calls():
    def f(n):
        return n and f(n - 1) + 1

    f(20_000)


@case
def python_calls_without_end():
    def f():
        f()

    f()


@case
def getattr_calls():
    class A:
        def __getattr__(self, name):
            return getattr(self, name)

    A().x


@case
def getattr_dots():
    class A:
        def __getattr__(self, name):
            return self.y

    A().x


@case
def properties():
    class A:
        @property
        def x(self):
            return self.x

    A().x


@case
def descriptors():
    class D:
        def __get__(self, o, t):
            return o.d

        def __set__(self, o, v):
            o.d = v

    class A:
        d = D()

    try:
        A().d = 5
    except RecursionError:
        A().d


for special, use in {
    "__repr__(self): return repr(self)": "repr(a)",
    "__str__(self): return str(self)": "str(a)",
    "__str__(self): return f'{self}'": "f'{a}'",
    "__format__(self, s): return format(self, s)": "format(a, '')",
    "__eq__(self, o): return self == o": "a == 1",
    "__lt__(self, o): return self < o": "a < 1",
    "__hash__(self): return hash(self)": "hash(a)",
    "__add__(self, o): return self + o": "a + 1",
    "__neg__(self): return -self": "-a",
    "__len__(self): return len(self)": "len(a)",
    "__bool__(self): return bool(self)": "bool(a)",
    "__call__(self): return self()": "a()",
    "__getitem__(self, i): return self[i]": "a[1]",
    "__contains__(self, i): return i in self": "1 in a",
    "__iter__(self): return iter(self)": "iter(a)",
    "__next__(self): return next(self)": "next(a)",
    "__index__(self): return [1][self]": "[1][a]",
    "__int__(self): return int(self)": "int(a)",
    "__setattr__(self, n, v): self.x = v": "a.x = 1",
    "__delattr__(self, n): del self.x": "del a.x",
    "__getattribute__(self, n): return self.x": "a.x",
    "__enter__(self):\n   with self: pass\n  def __exit__(self, *a): pass": "a.__enter__()",
    "__del__(self): A()": "a = None",
    "__instancecheck__(self, o): return isinstance(1, self)": "isinstance(1, a)",
    "__lt__(self, o): return sorted([self, self])": "sorted([a, a])",
    "__lt__(self, o): return max(self, self)": "max([a, a])",
    "__reduce__(self): return copy.copy(self)": "copy.copy(a)",
    "__deepcopy__(self, m): return copy.deepcopy(self)": "copy.deepcopy(a)",
    "__iter__(self): return iter(list(self))": "list(a)",
    "__iter__(self): yield from self": "list(a)",
    "__iter__(self): return iter(sum(self))": "sum(a)",
    "__reduce__(self): return pickle.dumps(self)": "pickle.dumps(a)",
    "__bytes__(self): return bytes(self)": "bytes(a)",
    "__round__(self): return round(self)": "round(a)",
    "__init_subclass__(cls): type('B', (cls,), {})": "type('B', (A,), {})",
    "__fspath__(self): return os.fspath(self)": "os.fspath(a)",
    "__missing__(self, k): return self[k]": "a[1]",
}.items():
    def run(special=special, use=use):
        base = "(dict)" if "missing" in special else ""
        text = f"import copy, pickle, os\nclass A{base}:\n  def {special}\na = A()\n{use}\n"
        exec(text, {})

    run.__name__ = "special " + special.split("\n")[0] + " by " + use
    cases.append(run)

import collections, copy, functools, itertools, json, operator, pickle, pprint, reprlib, gc, types, weakref


class Box:
    __slots__ = ("inner", "__weakref__")

    def __init__(self, inner):
        self.inner = inner


class Thing:
    def __init__(self, inner):
        self.inner = inner


import dataclasses


@dataclasses.dataclass(frozen=True)
class Data:
    inner: object


Pair = collections.namedtuple("Pair", "a b")


def link(x):
    error = ValueError()
    error.__context__ = x if isinstance(x, BaseException) else None
    return error


def cause(x):
    error = ValueError()
    error.__cause__ = x if isinstance(x, BaseException) else None
    return error


def odict(x):
    d = collections.OrderedDict()
    d[1] = x
    return d


def ddict(x):
    d = collections.defaultdict(list)
    d[1] = x
    return d


def cell(x):
    return (lambda: x)


makers = {
    "list": lambda x: [x],
    "tuple": lambda x: (x,),
    "dict": lambda x: {1: x},
    "values": lambda x: {1: x}.values(),
    "items": lambda x: {1: x}.items(),
    "frozenset": lambda x: frozenset([x]) if x.__hash__ else frozenset(),
    "deque": lambda x: collections.deque([x]),
    "odict": odict,
    "ddict": ddict,
    "counter": lambda x: collections.Counter({1: x}),
    "userlist": lambda x: collections.UserList([x]),
    "chainmap": lambda x: collections.ChainMap({1: x}),
    "namespace": lambda x: types.SimpleNamespace(x=x),
    "proxy": lambda x: types.MappingProxyType({1: x}),
    "proxies": lambda x: types.MappingProxyType(x if isinstance(x, (dict, types.MappingProxyType)) else {}),
    "exception": lambda x: ValueError(x),
    "group": lambda x: ExceptionGroup("g", [x if isinstance(x, Exception) else ValueError()]),
    "context": link,
    "cause": cause,
    "slots": Box,
    "thing": Thing,
    "data": Data,
    "pair": lambda x: Pair(x, 1),
    "slice": lambda x: slice(x),
    "partial": lambda x: functools.partial(x if callable(x) else print, 1),
    "partial argument": lambda x: functools.partial(print, x),
    "method": lambda x: types.MethodType(x if callable(x) else print, 1),
    "method self": lambda x: types.MethodType(print, x),
    "closure": cell,
    "lambda call": lambda x: (lambda: x()),
    "staticmethod": lambda x: staticmethod(x),
    "classmethod": lambda x: classmethod(x),
    "property": lambda x: property(x),
    "wraps": lambda x: functools.wraps(x)(lambda: x()) if callable(x) else (lambda: 1),
    "generic": lambda x: list[x],
    "generic dict": lambda x: dict[int, x],
    "optional": lambda x: (list[x] | None),
    "iter": lambda x: iter(x) if hasattr(x, "__iter__") else iter([x]),
    "list iterator": lambda x: iter([x]),
    "reversed": lambda x: reversed([x]),
    "map": lambda x: map(abs, x if hasattr(x, "__next__") else iter([1])),
    "map lambda": lambda x: map(lambda y: y, x if hasattr(x, "__next__") else iter([1])),
    "filter": lambda x: filter(None, x if hasattr(x, "__next__") else iter([1])),
    "zip": lambda x: zip(x if hasattr(x, "__next__") else iter([1])),
    "enumerate": lambda x: enumerate(x if hasattr(x, "__next__") else iter([1])),
    "chain": lambda x: itertools.chain(x if hasattr(x, "__next__") else iter([1])),
    "from_iterable": lambda x: itertools.chain.from_iterable([x if hasattr(x, "__next__") else iter([1])]),
    "islice": lambda x: itertools.islice(x if hasattr(x, "__next__") else iter([1]), 5),
    "cycle": lambda x: itertools.cycle(x if hasattr(x, "__next__") else iter([1])),
    "takewhile": lambda x: itertools.takewhile(bool, x if hasattr(x, "__next__") else iter([1])),
    "dropwhile": lambda x: itertools.dropwhile(callable, x if hasattr(x, "__next__") else iter([1])),
    "accumulate": lambda x: itertools.accumulate(x if hasattr(x, "__next__") else iter([1])),
    "compress": lambda x: itertools.compress(x if hasattr(x, "__next__") else iter([1]), [1, 1]),
    "starmap": lambda x: itertools.starmap(abs, ((y,) for y in x) if hasattr(x, "__next__") else iter([(1,)])),
    "zip_longest": lambda x: itertools.zip_longest(x if hasattr(x, "__next__") else iter([1])),
    "pairwise": lambda x: itertools.pairwise(x if hasattr(x, "__next__") else iter([1])),
    "batched": lambda x: itertools.batched(x if hasattr(x, "__next__") else iter([1]), 2),
    "groupby": lambda x: itertools.groupby(x if hasattr(x, "__next__") else iter([1])),
    "tee": lambda x: itertools.tee(x if hasattr(x, "__next__") else iter([1]))[0],
    "repeat": lambda x: itertools.repeat(x, 2),
    "product": lambda x: itertools.product([x]),
    "generator": lambda x: (y for y in (x if hasattr(x, "__next__") else iter([1]))),
    "yield from": (lambda g: lambda x: g(x if hasattr(x, "__next__") else iter([1])))((lambda: [f := None] and 0) and None or (lambda x: (yield from x))),
    "weakref": lambda x: weakref.ref(Box(x)),
    "memoryview": lambda x: memoryview(x if isinstance(x, memoryview) else b"abc"),
    "super": lambda x: super(Thing, Thing(x)),
    "attrgetter": lambda x: operator.itemgetter(x),
    "cached": lambda x: functools.lru_cache(x if callable(x) else abs),
    "traceback": lambda x: types.TracebackType(x if isinstance(x, types.TracebackType) else None, sys._getframe(), 1, 1),
    "typevar": lambda x: __import__("typing").Optional[x if x is int else list[x]],
    "class": lambda x: type("C", (x if isinstance(x, type) else object,), {}),
    "module": lambda x: (lambda m: (setattr(m, "x", x), m)[1])(types.ModuleType("m")),
    "array": lambda x: (x, [x]),
    "contextvar": lambda x: __import__("contextvars").ContextVar("x", default=x),
    "stringio": lambda x: __import__("io").TextIOWrapper(x if hasattr(x, "readable") else __import__("io").BytesIO(b"abc")),
    "buffered": lambda x: __import__("io").BufferedReader(x if hasattr(x, "readable") else __import__("io").BytesIO(b"abc")),
}

uses = {
    "del": lambda x: None,
    "gc": lambda x: gc.collect(),
    "cycle gc": lambda x: None,
    "repr": repr,
    "hash": hash,
    "eq": None,
    "lt": None,
    "call": lambda x: x(),
    "next": next,
    "list": list,
    "deepcopy": copy.deepcopy,
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
    "json": lambda x: json.loads(json.dumps(x)),
    "isinstance": lambda x: isinstance(x, x),
    "issubclass": lambda x: issubclass(int, x),
    "getattr": lambda x: x.missing,
    "raise": None,
    "signature": lambda x: __import__("inspect").signature(x),
    "except": None,
    "send": lambda x: x.send(None),
}

import traceback


def raising(x):
    try:
        raise x
    except BaseException:
        traceback.format_exc()


def catching(x):
    try:
        raise ValueError
    except x:
        pass


uses["raise"] = raising
uses["except"] = catching


def deep(make_name, use_name):
    make = makers[make_name]
    n = 500 if make_name in ("class", "wraps", "stringio", "buffered", "cached") else 3_000 if use_name == "lt" else N
    if make_name == "frozenset":
        n = 5_000
    x = nested(make, 1, n)
    if use_name in ("eq", "lt"):
        y = nested(make, 1, n)
        return x == y if use_name == "eq" else x < y
    if use_name == "cycle gc":
        box = [x]
        box.append(box)
        del box, x
        return gc.collect()
    return uses[use_name](x)


# All uses of what is nested most; of the rest every third pair.
MOST = {"list", "tuple", "dict", "thing", "exception", "context", "generator", "yield from", "map", "chain", "closure", "partial", "method"}
for make_at, make_name in enumerate(makers):
    for use_at, use_name in enumerate(uses):
        if make_name not in MOST and (make_at + use_at) % 3:
            continue

        def run(make_name=make_name, use_name=use_name):
            deep(make_name, use_name)

        run.__name__ = f"{use_name} of {make_name}"
        cases.append(run)


@case
def linked_list_of_a_million():
    head = None
    for _ in range(1_000_000):
        head = Box(head)
    del head


@case
def linked_list_with_del():
    class D(Thing):
        def __del__(self):
            pass

    head = None
    for _ in range(30_000):
        head = D(head)
    del head


@case
def weakref_callbacks():
    keep = []
    head = None
    for _ in range(30_000):
        head = Box(head)
        keep.append(weakref.ref(head, lambda r: None))
    del head


import re

for n in (50, 1_000, 30_000):
    for name, pattern in {
        "groups": "(" * n + "a" + ")" * n,
        "plain groups": "(?:" * n + "a" + ")" * n,
        "stars": "(?:" * n + "a" + ")*" * n,
        "lookahead": "(?=" * n + "a" + ")" * n,
        "lookbehind": "(?<=" * n + "a" + ")" * n,
        "alternatives": "(a|" * n + "a" + ")" * n,
        "optional": "(?:a" * n + ")?" * n,
        "atomic": "(?>" * n + "a" + ")" * n,
        "conditions": "(a)?" + "(?(1)" * n + "a" + ")" * n,
    }.items():
        def run(pattern=pattern, n=n):
            compiled = re.compile(pattern)
            compiled.search("a" * n)
            compiled.match("b" * n)

        run.__name__ = f"re {name} {n}"
        cases.append(run)


@case
def re_long_repeats():
    for pattern in ("(?:a|b)*", "(a|b)*?c", "(?:(a)|b)+", "(a+)+b", "((a)*?b)*", "(?:a(?=b)?)*", "(x+x+)*y"):
        re.match(pattern, "ab" * 50_000)


@case
def sort_key_recurses():
    def key(x):
        return sorted([x], key=key)

    sorted([1], key=key)


@case
def max_key_recurses():
    def key(x):
        return max([x], key=key)

    max([1], key=key)


for name, text in {
    "map": "def f(x): return list(map(f, [x]))\nf(1)",
    "filter": "def f(x): return list(filter(f, [x]))\nf(1)",
    "reduce": "import functools\ndef f(x, y): return functools.reduce(f, [1, 2])\nf(1, 2)",
    "sub": "import re\ndef f(m): return re.sub('a', f, 'a')\nf(1)",
    "eval": "eval(x)",
    "exec": "exec(y)",
    "import": "import m1",
    "partial": "import functools\nf = functools.partial(lambda: f())\nf()",
    "lru_cache": "import functools\n@functools.lru_cache\ndef f(n): return f(n + 1)\nf(1)",
    "cached_property": "import functools\nclass A:\n  @functools.cached_property\n  def x(self): return self.x\nA().x",
    "singledispatch": "import functools\n@functools.singledispatch\ndef f(x): return f(x)\nf(1)",
    "contextmanager": "import contextlib\n@contextlib.contextmanager\ndef f():\n  with f(): yield\nwith f(): pass",
    "exit stack": "import contextlib\ns = contextlib.ExitStack()\nfor i in range(5000): s.callback(int)\ns.close()",
    "generator": "def f(): yield from f()\nlist(f())",
    "generator next": "def f(): yield next(f())\nlist(f())",
    "generator itself": "def f():\n  next(g)\n  yield\ng = f()\nnext(g)",
    "coroutine": "async def f(): await f()\nf().send(None)",
    "async generator": "async def f():\n  async for x in f(): yield x\nf().asend(None).send(None)",
    "asyncio": "import asyncio\nasync def f(): await f()\nasyncio.run(f())",
    "asyncio tasks": "import asyncio\nasync def f(n):\n  if n: await asyncio.create_task(f(n - 1))\nasyncio.run(f(1500))",
    "gather": "import asyncio\nasync def f(n):\n  if n: await asyncio.gather(f(n - 1))\nasyncio.run(f(1500))",
    "class body": "def f():\n  class A: f()\nf()",
    "metaclass": "class M(type):\n  def __new__(m, *a): return M('x', (), {})\nM('x', (), {})",
    "init": "class A:\n  def __init__(self): A()\nA()",
    "new": "class A:\n  def __new__(cls): return A()\nA()",
    "decorator": "def d(f): return d(d)\n@d\ndef f(): pass",
    "comprehension": "def f(): return [f() for _ in [1]]\nf()",
    "default factory": "import collections\nd = collections.defaultdict(lambda: d[1])\nd[1]",
    "setdefault": "class K:\n  def __hash__(self): return hash(K())\n{}.setdefault(K(), 1)",
    "dict eq": "class K:\n  def __hash__(self): return 1\n  def __eq__(self, o): return {K(): 1} == {K(): 1}\n{K(): 1, K(): 2}",
    "thread": "import threading\ndef f(): f()\nt = threading.Thread(target=f)\nt.start()\nt.join()",
    "thread chain": "import threading\ndef f(n):\n  if n:\n    t = threading.Thread(target=f, args=(n - 1,))\n    t.start()\n    t.join()\nf(200)",
    "trace": "import sys\ndef t(*a): return t\nsys.settrace(t)\ntry:\n  def f(): f()\n  f()\nfinally: sys.settrace(None)",
    "excepthook": "import sys\nsys.excepthook = lambda *a: 1/0\n1/0",
    "finally": "def f():\n  try: f()\n  finally: pass\nf()",
    "except": "def f():\n  try: f()\n  except ValueError: pass\nf()",
    "except again": "def f(n=0):\n  try: f(n + 1)\n  except RecursionError: f(n + 1) if n < 5 else None\nf()",
    "format": "class A:\n  def __format__(self, s): return '{:{}}'.format(self, 1)\n'{}'.format(A())",
    "nested format": "('{:{' * 2000 + '}' * 4000).format(*range(5000))",
    "percent": "class A:\n  def __str__(self): return '%s' % self\nstr(A())",
    "print": "class A:\n  def __str__(self): print(self); return ''\nprint(A())",
    "logging": "import logging\nclass H(logging.Handler):\n  def emit(self, r): logging.error('x')\nlogging.getLogger().addHandler(H())\nlogging.error('x')",
    "struct": "import struct\nstruct.calcsize('(' * 10000)",
    "literal_eval": "import ast\nast.literal_eval('[' * 10000 + ']' * 10000)",
    "json loads": "import json\njson.loads('[' * 20000 + ']' * 20000)",
    "json loads dict": "import json\njson.loads('{\"a\":' * 20000 + '1' + '}' * 20000)",
    "json loads py": "import json\njson.loads('[' * 20000 + ']' * 20000, object_hook=dict)",
    "json dumps indent": "import json\nx = []\nfor i in range(20000): x = [x]\njson.dumps(x, indent=1)",
    "json dumps default": "import json\njson.dumps(object(), default=lambda o: [o])",
    "json iterencode": "import json\nx = []\nfor i in range(20000): x = {1: x}\nfor c in json.JSONEncoder().iterencode(x): pass",
    "pickle loads": "import pickle\npickle.loads(b'(' * 20000 + b't' * 20000 + b'.')",
    "pickle lists": "import pickle\npickle.loads(b']' * 20000 + b'a' * 19999 + b'.')",
    "marshal loads": "import marshal\nmarshal.loads(b'[\\x01\\0\\0\\0' * 20000 + b'N')",
    "unittest": "import unittest\ns = unittest.TestSuite()\nfor i in range(3000): s = unittest.TestSuite([s])\ns.countTestCases()",
    "str join": "class A:\n  def __iter__(self): return iter([''.join(A())])\n''.join(A())",
    "int str": "int('9' * 4000)",
    "big pow": "3 ** 20000 % 7",
    "mro": "c = object\nfor i in range(1000): c = type('C', (c,), {})\nisinstance(c(), c); c.x",
    "super chain": "c = object\nfor i in range(1000):\n  class c(c):\n    def __init__(self): super().__init__()\nc()",
    "super chain deep": "c = object\nfor i in range(5000):\n  class c(c):\n    def f(self): return super().f()\nc().f()",
    "subclasses": "import abc\nc = abc.ABC\nfor i in range(1000): c = type(c)('C', (c,), {})\nisinstance(1, abc.ABC)",
    "union": "x = int\nfor i in range(3000): x = x | type('a', (), {})\nisinstance(1, x); repr(x); hash(x); x == x",
    "type params": "def f[T](): f()\nf()",
    "annotations": "class A:\n  x: f() = 1\ndef f(): return A.__annotations__\nA.__annotations__",
    "dis": "import dis, io\nx = 'lambda: ' * 80 + '1'\ndis.dis(compile(x, '', 'eval'), file=io.StringIO())",
    "symtable": "import symtable\nsymtable.symtable('lambda: ' * 80 + '1', '', 'eval')",
    "tokenize": "import tokenize, io\nlist(tokenize.generate_tokens(io.StringIO('(' * 10000 + ')' * 10000).readline))",
    "getrecursionlimit": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
    "high limit repr": "import sys\nsys.setrecursionlimit(10**9)\nx = []\nfor i in range(20000): x = [x]\nrepr(x)",
    "high limit eq": "import sys\nsys.setrecursionlimit(10**9)\nx = y = []\nfor i in range(20000): x, y = [x], [y]\nx == y",
    "high limit hash": "import sys\nsys.setrecursionlimit(10**9)\nx = ()\nfor i in range(20000): x = (x,)\nhash(x)",
    "high limit deepcopy": "import sys, copy\nsys.setrecursionlimit(10**9)\nx = []\nfor i in range(20000): x = [x]\ncopy.deepcopy(x)",
    "high limit pickle": "import sys, pickle\nsys.setrecursionlimit(10**9)\nx = []\nfor i in range(20000): x = [x]\npickle.loads(pickle.dumps(x))",
    "high limit json": "import sys, json\nsys.setrecursionlimit(10**9)\nx = []\nfor i in range(20000): x = [x]\njson.loads(json.dumps(x))",
    "high limit chain": "import sys, itertools\nsys.setrecursionlimit(10**9)\nx = iter([1])\nfor i in range(20000): x = itertools.chain(x)\nlist(x)",
    "high limit map": "import sys\nsys.setrecursionlimit(10**9)\nx = iter([1])\nfor i in range(20000): x = map(abs, x)\nlist(x)",
    "high limit generators": "import sys\nsys.setrecursionlimit(10**9)\nx = iter([1])\nfor i in range(20000): x = (y for y in x)\nlist(x)",
    "high limit yield from": "import sys\nsys.setrecursionlimit(10**9)\ndef g(x): yield from x\nx = iter([1])\nfor i in range(20000): x = g(x)\nlist(x)",
    "high limit sort": "import sys\nsys.setrecursionlimit(10**9)\ndef key(n): return n and sorted([n - 1], key=key)\nkey(20000)",
    "high limit getattr": "import sys\nsys.setrecursionlimit(20000)\nclass A:\n  def __getattr__(self, n): return getattr(self, n)\nA().x",
    "high limit eq instances": "import sys\nsys.setrecursionlimit(20000)\nclass A:\n  def __eq__(self, o): return [self] == [o]\nA() == A()",
    "high limit compile": "import sys\nsys.setrecursionlimit(10**9)\ncompile('(' * 20000 + ')' * 20000, '', 'eval')",
    "high limit re": "import sys, re\nsys.setrecursionlimit(10**9)\nre.compile('(?:' * 20000 + ')' * 20000)",
}.items():
    def run(text=text):
        exec(text, {"x": "eval(x)", "y": "exec(y)", "__name__": "deep"})

    run.__name__ = "by " + name
    cases.append(run)

wrong = []
part = cases[PART::PARTS]
for run in part:
    limit = sys.getrecursionlimit()
    try:
        run()
    except Exception as error:
        if isinstance(error, SystemError):
            wrong.append(run.__name__)
        del error
    sys.setrecursionlimit(limit)
print(f"part {PART}: {len(part)} forms, {len(wrong)} wrong", wrong)
