# import forms, module attributes, sys.modules, missing names and modules, __all__-like access.
import collections as c
import collections.abc
import sys
from functools import partial, reduce as fold
from os.path import join

print(c.deque is collections.deque, collections.abc.Mapping.__name__, partial.__name__, fold(lambda a, b: a + b, "abc"), join("a", "b"))
print("functools" in sys.modules, sys.modules["collections"] is c, c.__name__, c.__package__, sys.modules["__main__"].__name__)
for statement in ("import no_such_module", "from functools import no_such_name", "import collections.nothing", "from . import x", "import functools.partial", "from no.such import thing"):
    try:
        exec(statement)
    except ImportError as error:
        print(statement, "->", type(error).__name__, error.msg.split(" (/")[0].split(" (unknown")[0], error.name)


def inner():
    import math
    from string import digits as d
    return math.floor(2.5), d


print(inner(), "math" in globals())
import importlib
m = importlib.import_module("heapq")
print(m.__name__, hasattr(m, "heappush"), __import__("collections.abc").__name__)
from string import *
print(digits, "ascii_letters" in dir())
print(__name__, __spec__, len(sys.argv), __file__.endswith("imports.py"))
import types
fake = types.ModuleType("fake_module")
fake.answer = 42
sys.modules["fake_module"] = fake
from fake_module import answer
print(answer, sys.version_info >= (3, 13), sys.byteorder, sys.maxsize)
sys.modules["blocked"] = None
try:
    import blocked
except ImportError as error:
    print(type(error).__name__, error)
