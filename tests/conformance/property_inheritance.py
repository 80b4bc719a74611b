# Properties over inheritance, abstract ones, class-level caches, functools.cached_property without dict, operators on classes.
import functools


class Base:
    def __init__(self):
        self._x = 1

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value


class Child(Base):
    @property
    def x(self):
        return super().x * 10

    @x.setter
    def x(self, value):
        Base.x.fset(self, value + 1)


class ReadOnly(Base):
    @Base.x.getter
    def x(self):
        return "read " + str(self._x)


c = Child()
c.x = 4
print(c.x, c._x)
r = ReadOnly()
r.x = 7
print(r.x)


class Celsius:
    def __init__(self, degrees=0):
        self.degrees = degrees

    fahrenheit = property(lambda self: self.degrees * 9 / 5 + 32, lambda self, f: setattr(self, "degrees", (f - 32) * 5 / 9), doc="in F")


t = Celsius(100)
print(t.fahrenheit, Celsius.fahrenheit.__doc__)
t.fahrenheit = 32
print(t.degrees)


class Meta(type):
    @property
    def plural(cls):
        return cls.__name__ + "s"

    def __getattr__(cls, name):
        return f"{cls.__name__} has no {name}"

    def __iter__(cls):
        return iter(["x", "y"])

    def __add__(cls, other):
        return cls.__name__ + other.__name__

    def __instancecheck__(cls, instance):
        return instance == 5 or super().__instancecheck__(instance)


class Apple(metaclass=Meta):
    pass


print(Apple.plural, Apple.colour, list(Apple), Apple + Apple, isinstance(5, Apple), isinstance(6, Apple), isinstance(Apple(), Apple))
try:
    Apple().plural
except AttributeError as error:
    print(error)


class NoDict:
    __slots__ = ()

    @functools.cached_property
    def value(self):
        return 1


try:
    NoDict().value
except TypeError as error:
    print(error)


class Counter:
    instances = 0

    def __new__(cls, *args):
        cls.instances += 1
        return super().__new__(cls)

    def __init__(self, n=0):
        self.n = n


class Special(Counter):
    pass


Counter(1), Special(2), Special(3)
print(Counter.instances, Special.instances, Special.__dict__.get("instances"))


class Returns:
    def __new__(cls):
        return 42

    def __init__(self):
        print("never called")


print(Returns())


class IntLike(int):
    def __new__(cls, value):
        return super().__new__(cls, value * 2)

    def __repr__(self):
        return f"IntLike({int(self)})"


print(IntLike(4), IntLike(4) + 1, [IntLike(1)], isinstance(IntLike(1), int), {8: "eight"}[IntLike(4)])


class Text(str):
    def shout(self):
        return Text(self.upper() + "!")


print(Text("hi").shout().shout(), type(Text("a") + "b").__name__, len(Text("abc")))


class History(list):
    def append(self, item):
        super().append((len(self), item))


h = History("a")
h.append("b")
h += ["c"]
print(h, h == ["a", (1, "b"), "c"], type(h[:1]).__name__)
