# Built-in functions: iteration tools, introspection, conversion, print, vars, callable, id, object.
print(*[1, "a", None], sep="-", end="|\n")
print()
print("a", "b", sep="")
print(abs(-3), divmod(17, 5), pow(2, 5, 7), round(3.14159, 3), sum([0.1] * 10) == 1.0, hash("a") == hash("a"))
print(list(map(lambda a, b: a * b, [1, 2, 3], [4, 5])), list(filter(lambda n: n > 1, [1, 2, 3])), list(zip()))
print(bin(10), oct(10), hex(10), chr(97), ord("a"), ascii("é"), repr("x"), bool([0]), int("7"), float("1.5"), str(1.0), complex("1j"))
print(isinstance(1, (str, int)), isinstance(True, int), issubclass(bool, int), isinstance([], list | dict), isinstance(None, type(None)))
print(type(1), type("a"), type(None), type(print), type(len), type(lambda: 0), type(type), type([].append), type(range(1)), type(...), type(NotImplemented))
print(callable(print), callable(1), id(None) == id(None), len("abc"), len({1: 2}))


class Thing:
    attr = 1

    def method(self):
        pass


t = Thing()
print([name for name in dir(t) if not name.startswith("_")], vars(t), hasattr(t, "attr"), getattr(t, "none", 5))
print(object() == object(), type(object()).__name__, repr(Thing)[:16], str(Thing.method)[:24])
gen = iter([1, 2, 3])
print(next(gen), list(gen))
values = iter([3, 2, 0, 5])
print(list(iter(lambda: next(values), 0)))
print(sorted([3, 1, 2], key=lambda n: -n), list(reversed("abc")), max(3, 1), min("b", "a"), max([[1], [2]]), any(n > 2 for n in [1, 3]))
print(eval("a + b", {"a": 1, "b": 2}), eval("[n for n in range(3)]"))
scope = {}
exec("x = 5\ny = x * 2", scope)
print(scope["y"], "__builtins__" in scope)
print(__name__, __doc__, type(__builtins__).__name__)
print(slice(1, 5, 2), slice(None, -1).indices(10), slice(1, 2) == slice(1, 2))
print(NotImplemented, Ellipsis, ..., None)
for action in ("next(iter([]))", "len(5)", "sum(['a'])", "max([])", "chr(1114112)", "ord('')", "abs('x')", "round('x')", "iter(1)", "reversed({1})", "getattr(1, 'x')", "isinstance(1, 1)",
               "int()", "print(1, bad=2)", "type(1, 2)", "range(1, 2, 0)", "range(1.5)", "eval('1 +')", "open('/no/such/file')", "__import__('no_such_module')", "object(1)", "hash([])", "zip(1)"):
    try:
        print(action, "=", eval(action))
    except BaseException as error:
        print(action, "->", type(error).__name__, error)
print(type("Dynamic", (), {"x": 1, "get": lambda self: self.x})().get())
print((5).__add__(3), "abc".__getitem__(1), [1, 2].__len__(), int.__name__, str.__mro__, bool.__bases__)
print(globals() is globals(), "t" in globals(), (lambda: locals())())
print(format(3.5, ">8"), callable(Thing), Thing().__class__ is Thing, object.__doc__ is not None)
print(all([1, "a", [0]]), any(["", 0, None]), sum(range(5), 10), sum([], start=1.5), list(range(5))[::-1], str(b"a"), bytes(2))
