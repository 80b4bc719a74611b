# match: literals, captures, sequences, mappings, classes, or, as, guards, wildcards, dotted names, __match_args__.
from dataclasses import dataclass
from enum import Enum


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass
class Point:
    x: int
    y: int


class Box:
    __match_args__ = ("width", "height")

    def __init__(self, width, height):
        self.width, self.height = width, height


def describe(value):
    match value:
        case None | True | False:
            return f"constant {value}"
        case 0:
            return "zero"
        case int(n) if n < 0:
            return f"negative {n}"
        case int() | float():
            return f"number {value}"
        case "hello" | "hi" as word:
            return f"greeting {word}"
        case str(text):
            return f"text of {len(text)}"
        case bytes():
            return "bytes"
        case []:
            return "empty"
        case [x]:
            return f"one {x}"
        case [x, y]:
            return f"two {x} {y}"
        case [1, *rest, 9]:
            return f"framed {rest}"
        case (first, *_, last):
            return f"many {first}..{last}"
        case {"kind": "circle", "r": r}:
            return f"circle {r}"
        case {"kind": kind, **rest}:
            return f"{kind} with {rest}"
        case {}:
            return "mapping"
        case Point(x=0, y=0):
            return "origin"
        case Point(x, y) if x == y:
            return f"diagonal {x}"
        case Point(x=x):
            return f"point at {x}"
        case Box(w, height=h):
            return f"box {w}x{h}"
        case Colour.RED:
            return "red"
        case Colour():
            return f"colour {value.name}"
        case _:
            return f"something {type(value).__name__}"


for value in (None, True, 0, -5, 3, 2.5, "hi", "other", b"x", [], [7], (1, 2), [1, 2, 3, 9], [3, 4, 5], {"kind": "circle", "r": 2},
              {"kind": "square", "side": 1}, {"z": 1}, Point(0, 0), Point(2, 2), Point(1, 5), Box(3, 4), Colour.RED, Colour.BLUE,
              {1, 2}, range(3), object):
    print(describe(value))


def nested(command):
    match command.split():
        case ["go", ("north" | "south") as direction]:
            return direction
        case ["get", *things] if things:
            return things
        case ["quit"]:
            return None
    return "unknown"


print(nested("go north"), nested("get a b"), nested("quit"), nested("get"), nested("go up"))
match {"a": [1, {"b": (2, 3)}]}:
    case {"a": [one, {"b": (two, three)}]}:
        print(one, two, three)
match -1.5, 2 + 3j, "x" "y":
    case -1.5, 2 + 3j, "xy":
        print("literals")
try:
    match Point(1, 2):
        case Point(1, 2, 3):
            pass
except TypeError as error:
    print(error)
match "abc":
    case [*_]:
        print("never a sequence")
    case str(s):
        print("string", s)
x = 10
match 5:
    case x:
        print("captured", x)
