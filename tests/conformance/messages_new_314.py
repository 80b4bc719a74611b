# needs: 3.14
# Messages that 3.14 words otherwise than 3.13.
import math
import random
from collections import deque


async def awaits(value):
    await value


def add_note():
    ValueError().add_note(5)


def unpack(values):
    a, b = values


def with_statement(value):
    with value:
        pass


class Half:
    def __enter__(self):
        pass


def run(value):
    awaits(value).send(None)


ACTIONS = {
    "1 // 0": lambda: 1 // 0,
    "1 % 0": lambda: 1 % 0,
    "divmod": lambda: divmod(1, 0),
    "1.0 // 0": lambda: 1.0 // 0,
    "1.5 % 0": lambda: 1.5 % 0,
    "0 ** -1": lambda: 0 ** -1,
    "0.0 ** -1": lambda: 0.0 ** -1,
    "dict key": lambda: {[]: 1},
    "dict look-up": lambda: {}[{}],
    "dict set": lambda: {}.__setitem__([], 1),
    "set element": lambda: {[1]},
    "set add": lambda: set().add([]),
    "in set": lambda: [] in {1},
    "dict of numbers": lambda: dict([1]),
    "deque": lambda: deque([1]).remove(3),
    "list index": lambda: [1].index(2),
    "note": add_note,
    "await": lambda: run(5),
    "sqrt": lambda: math.sqrt(-1),
    "log": lambda: math.log(0),
    "log of -1": lambda: math.log(-1.5),
    "acos": lambda: math.acos(2),
    "randint": lambda: random.randint(5, 1),
    "bytes.fromhex": lambda: bytes.fromhex("zz"),
    "int()": lambda: int("1.5"),
    "sum": lambda: sum(["a"]),
    "unpack list": lambda: unpack([1, 2, 3]),
    "unpack dict": lambda: unpack({1: 2, 3: 4, 5: 6}),
    "unpack generator": lambda: unpack(n for n in range(3)),
    "with": lambda: with_statement(5),
    "half with": lambda: with_statement(Half()),
    "union": lambda: type(int | str),
}
for name, action in ACTIONS.items():
    try:
        print(name, action())
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}")
