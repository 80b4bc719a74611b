# enum: members, values, auto, aliases, Flag, IntEnum, StrEnum, unique, methods, functional form.
from enum import Enum, Flag, IntEnum, IntFlag, StrEnum, auto, unique


class Colour(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    def pretty(self):
        return self.name.title()

    @classmethod
    def first(cls):
        return next(iter(cls))


print(Colour.RED, repr(Colour.RED), Colour.RED.name, Colour.RED.value, Colour(2), Colour["GREEN"], Colour.CRIMSON)
print(list(Colour), len(Colour), Colour.__members__, Colour.RED is Colour(1), Colour.RED == 1, Colour.RED in Colour, isinstance(Colour.RED, Colour))
print(Colour.GREEN.pretty(), Colour.first(), hash(Colour.RED) == hash(Colour.RED), {Colour.RED: "r"}[Colour.CRIMSON], f"{Colour.RED}", type(Colour).__name__)
for action in (lambda: Colour(9), lambda: Colour["BLUE"], lambda: setattr(Colour, "RED", 5), lambda: Colour.RED < Colour.GREEN, lambda: Colour.BLUE):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)
try:
    class More(Colour):
        BLUE = 3
except TypeError as error:
    print(error)


class Day(IntEnum):
    MON = auto()
    TUE = auto()


class Word(StrEnum):
    HELLO = auto()
    BYE = "good-bye"


print(Day.TUE + 1, Day.MON < Day.TUE, Day.MON, repr(Day.TUE), sorted([Day.TUE, Day.MON]), [10, 20, 30][Day.TUE], f"{Day.MON:>3}")
print(Word.HELLO, repr(Word.BYE), Word.HELLO.upper(), Word("good-bye") is Word.BYE, Word.HELLO == "hello")


class Access(Flag):
    READ = auto()
    WRITE = auto()
    RUN = auto()
    ALL = READ | WRITE | RUN


rw = Access.READ | Access.WRITE
print(rw, rw.value, Access.READ in rw, Access.RUN in rw, ~rw, rw & Access.WRITE, rw ^ Access.READ, bool(Access(0)), Access(0), list(rw), Access.ALL, len(rw))
print(repr(Access(3)), repr(Access.READ | Access.RUN))


class Mode(IntFlag):
    X = 1
    W = 2


print(Mode.X | Mode.W, Mode.X | 8, (Mode.X | Mode.W) == 3)
try:
    @unique
    class Twice(Enum):
        A = 1
        B = 1
except ValueError as error:
    print(error)


class Planet(Enum):
    EARTH = (5.97, 6.37)
    MARS = (0.64, 3.39)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    @property
    def density(self):
        return round(self.mass / self.radius ** 3, 5)


print(Planet.EARTH.density, Planet.MARS.mass, Planet((0.64, 3.39)))


class Auto(Enum):
    def _generate_next_value_(name, start, count, last):
        return name.lower()

    FIRST = auto()
    SECOND = auto()

    @classmethod
    def _missing_(cls, value):
        return cls.FIRST if value == "?" else None


print(Auto.FIRST.value, Auto("?"), [a.value for a in Auto])
Animal = Enum("Animal", "CAT DOG")
print(list(Animal), Animal.DOG.value, Animal(1).name)


class Number(Enum):
    ONE = 1

    def __eq__(self, other):
        return self.value == other

    def __hash__(self):
        return hash(self.value)


print(Number.ONE == 1)
