# Subclasses of dict, tuple, exceptions and generators' protocols; __class__ assignment; __init_subclass__ checks.
class Attr(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self[name] = value


a = Attr(x=1)
a.y = 2
print(a, a.x + a.y, hasattr(a, "z"), type(a.copy()).__name__, a == {"x": 1, "y": 2})


class Pair(tuple):
    def __new__(cls, left, right):
        return super().__new__(cls, (left, right))

    @property
    def left(self):
        return self[0]

    def swapped(self):
        return Pair(self[1], self[0])


p = Pair(1, 2)
print(p, p.left, p.swapped(), p == (1, 2), hash(p) == hash((1, 2)), type(p + (3,)).__name__)


class AppError(Exception):
    code = 1

    def __init__(self, message, *, detail=None):
        super().__init__(message)
        self.detail = detail


class NotFound(AppError):
    code = 404


try:
    raise NotFound("no page", detail={"path": "index"})
except AppError as error:
    print(type(error).__name__, error, error.code, error.detail, error.args)


class Cat:
    def speak(self):
        return "meow"


class Dog:
    def speak(self):
        return "woof"


pet = Cat()
print(pet.speak())
pet.__class__ = Dog
print(pet.speak(), isinstance(pet, Dog))
try:
    pet.__class__ = int
except TypeError as error:
    print(error)
Cat.speak = lambda self: "patched"
Cat.extra = 5
print(Cat().speak(), Cat.extra, Cat().extra)
del Cat.extra
print(hasattr(Cat(), "extra"))
for cls in (NoneType := type(None), bool, type(...), range, slice, type(lambda: 0)):
    try:
        type("Sub", (cls,), {})
        print(cls.__name__, "can be a base")
    except TypeError as error:
        print(error)
try:
    int.extra = 1
except TypeError as error:
    print(error)


class Set(set):
    def __contains__(self, item):
        return True


s = Set([1])
print(5 in s, s | {2}, type(s | {2}).__name__, len(s), sorted(s.union([3])))


class Float(float):
    def __str__(self):
        return f"~{float(self):.1f}"


print(Float(1.25), Float(2) + 1, f"{Float(1.5)}", repr(Float(3)), "%s" % Float(0.5))


class Stack:
    def __init__(self, *items):
        self._items = list(items)

    def __iter__(self):
        return iter(self._items[::-1])

    def __len__(self):
        return len(self._items)

    def __bool__(self):
        return True

    def __eq__(self, other):
        return isinstance(other, Stack) and self._items == other._items

    __hash__ = None


print(list(Stack(1, 2)), bool(Stack()), Stack(1) == Stack(1), Stack(1) != Stack(2))
try:
    hash(Stack())
except TypeError as error:
    print(error)
