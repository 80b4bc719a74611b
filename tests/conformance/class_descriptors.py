# Descriptors: data and non-data, precedence over instance attributes, property with setter and deleter.
class Typed:
    def __init__(self, kind):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner):
        if instance is None:
            return self
        return getattr(instance, self.name, "unset")

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name[1:]} must be {self.kind.__name__}, not {type(value).__name__}")
        setattr(instance, self.name, value)

    def __delete__(self, instance):
        print("delete", self.name)
        delattr(instance, self.name)


class Lazy:
    def __init__(self, function):
        self.function = function
        self.__doc__ = function.__doc__

    def __get__(self, instance, owner=None):
        print("computing", self.function.__name__)
        value = self.function(instance)
        instance.__dict__[self.function.__name__] = value
        return value


class Point:
    x = Typed(int)
    y = Typed(int)

    def __init__(self, x, y):
        self.x, self.y = x, y

    @Lazy
    def norm(self):
        "squared length"
        return self.x ** 2 + self.y ** 2

    @property
    def total(self):
        """Sum of both."""
        return self.x + self.y

    @total.setter
    def total(self, value):
        self.x = value - self.y

    @total.deleter
    def total(self):
        print("total deleted")

    @property
    def fixed(self):
        return 1


p = Point(3, 4)
print(p.x, p.y, p.norm, p.norm, p.total)
p.total = 10
print(p.x, p.total)
del p.total
try:
    p.x = "three"
except TypeError as error:
    print(error)
try:
    p.fixed = 2
except AttributeError as error:
    print(error)
try:
    del p.fixed
except AttributeError as error:
    print(error)
p.__dict__["x"] = "hidden"
print(p.x)
del p.x
print(p.x, Point.total.__doc__, type(Point.x).__name__)
print(sorted(k for k in vars(Point) if not k.startswith("__")))


class Function:
    def method(self, n):
        return self, n


f = Function()
bound = Function.method.__get__(f, Function)
print(bound(3)[1], bound.__self__ is f, bound == f.method, bound is f.method)
