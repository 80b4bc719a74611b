# dataclasses: defaults, ordering, frozen, post-init, fields, replace, asdict, inheritance, slots, keyword-only.
import dataclasses
from dataclasses import KW_ONLY, FrozenInstanceError, InitVar, asdict, astuple, dataclass, field, fields, is_dataclass, replace


@dataclass
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, repr=False)

    def norm(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5


p, q = Point(3, 4), Point(3, 4)
print(p, p == q, p is q, p.norm(), p != Point(1), p == (3, 4))
p.tags.append("t")
print(q.tags, asdict(p), astuple(p), replace(p, x=9), [f.name for f in fields(p)], is_dataclass(p), is_dataclass(int))
for action in (lambda: Point(), lambda: Point(1, 2, 3, 4), lambda: hash(p), lambda: p < q, lambda: replace(p, bad=1)):
    try:
        action()
    except TypeError as error:
        print(error)


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int = field(default=0, compare=True)
    label: str = field(default="", compare=False)


v = Version(1, 2, "a")
print(v < Version(1, 3), v == Version(1, 2, "b"), hash(v) == hash(Version(1, 2)), sorted([Version(2), Version(1, 5)]), max(v, Version(0)))
for action in (lambda: setattr(v, "major", 5), lambda: delattr(v, "minor")):
    try:
        action()
    except FrozenInstanceError as error:
        print(type(error).__name__, error)


@dataclass
class Circle:
    radius: float
    scale: InitVar[int] = 1
    area: float = field(init=False)
    count = 0

    def __post_init__(self, scale):
        self.radius *= scale
        self.area = round(3.14 * self.radius ** 2, 2)


print(Circle(2), Circle(2, scale=3), Circle.count)


@dataclass
class Base:
    a: int
    b: str = "b"


@dataclass
class Child(Base):
    b: str = "child"
    c: float = 1.5


print(Child(1), Child(1, c=2), isinstance(Child(1), Base), Child(1) == Base(1))


@dataclass
class Keyword:
    a: int
    _: KW_ONLY
    b: int = 2
    c: int


print(Keyword(1, c=3))
try:
    Keyword(1, 2, 3)
except TypeError as error:
    print(error)


@dataclass(slots=True)
class Slotted:
    x: int
    y: int = 5


s = Slotted(1)
print(s, Slotted.__slots__)
try:
    s.z = 1
except AttributeError as error:
    print(error)
try:
    @dataclass
    class Wrong:
        a: int = 1
        b: int
except TypeError as error:
    print(error)
try:
    @dataclass
    class Mutable:
        a: list = []
except ValueError as error:
    print(error)


@dataclass
class Nested:
    point: Point
    more: dict


n = Nested(Point(1, 2), {"k": [Point(3)]})
print(n, asdict(n))
print(dataclasses.make_dataclass("Made", ["x", ("y", int, 5)])(1), Point.__match_args__)


@dataclass(eq=False)
class NoEq:
    a: int


print(NoEq(1) == NoEq(1), NoEq(1).__hash__ is not None)


@dataclass(repr=False)
class NoRepr:
    a: int

    def __repr__(self):
        return "custom"


print(NoRepr(1), field(default=3).default)


@dataclass
class Tree:
    value: int
    children: list["Tree"] = field(default_factory=list)


t = Tree(1, [Tree(2), Tree(3)])
t.children.append(t)
print(t)
