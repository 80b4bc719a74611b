# types and abc: SimpleNamespace, MethodType, MappingProxyType, abstract classes, registration, subclass hooks, Protocol-like checks.
import abc
import types


class Shape(abc.ABC):
    @property
    @abc.abstractmethod
    def name(self):
        ...

    @abc.abstractmethod
    def area(self):
        """Area."""

    def describe(self):
        return f"{self.name}: {self.area()}"


class Square(Shape):
    name = "square"

    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side ** 2


class Half(Shape):
    name = "half"


print(Square(3).describe(), isinstance(Square(1), Shape), sorted(Shape.__abstractmethods__), Half.__abstractmethods__)
for cls in (Shape, Half):
    try:
        cls()
    except TypeError as error:
        print(error)


class Sized(metaclass=abc.ABCMeta):
    @classmethod
    def __subclasshook__(cls, other):
        if cls is Sized:
            return any("size" in base.__dict__ for base in other.__mro__)
        return NotImplemented


class HasSize:
    size = 5


@Sized.register
class Registered:
    pass


print(isinstance(HasSize(), Sized), issubclass(int, Sized), isinstance(Registered(), Sized), issubclass(Registered, Sized))
n = types.SimpleNamespace(a=1, b=[2])
n.c = 3
print(n, n == types.SimpleNamespace(a=1, b=[2], c=3), vars(n))
proxy = types.MappingProxyType({"k": 1})
print(proxy["k"], len(proxy), proxy)
try:
    proxy["k"] = 2
except TypeError as error:
    print(error)
def hello(self):
    return f"hello from {self}"
bound = types.MethodType(hello, "text")
print(bound(), types.FunctionType is type(hello), isinstance(len, types.BuiltinFunctionType), isinstance((n for n in []), types.GeneratorType))
Made = types.new_class("Made", (), {}, lambda ns: ns.update(x=1))
print(Made.x, Made.__name__, types.NoneType, types.resolve_bases((int,)))
module = types.ModuleType("m", "doc")
module.value = 5
print(module.__name__, module.__doc__, module.value, repr(module))
print(int | str, isinstance(5, int | None), (int | str).__args__, list[int].__origin__, list[int].__args__)
f = types.FunctionType(compile("x + 1", "c", "eval"), {"x": 41})
print(f(), hello.__code__.co_name, hello.__code__.co_argcount, hello.__globals__ is globals())


class Dynamic:
    @types.DynamicClassAttribute
    def where(self):
        return "instance"


print(Dynamic().where)
try:
    class Final(bool):
        pass
except TypeError as error:
    print(error)
print(types.CodeType is type(hello.__code__), types.CellType(5).cell_contents, types.SimpleNamespace().__class__.__name__, types.EllipsisType)
