# Deep recursion is a RecursionError that can be handled; the limit can be set; deep structures compare and print.
import sys


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


print(down(500))
try:
    down(10 ** 6)
except RecursionError as error:
    print(type(error).__name__, error)


class Loop:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __eq__(self, other):
        return self == other

    def __repr__(self):
        return repr(self)


for action in (lambda: Loop().a, lambda: Loop() == 1, lambda: repr(Loop())):
    try:
        action()
    except RecursionError:
        print("recursion stopped")
print(sys.getrecursionlimit())
sys.setrecursionlimit(200)
try:
    down(300)
except RecursionError:
    print("lower limit")
sys.setrecursionlimit(1000)


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)


print(even(300))


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


print(ackermann(2, 9))


def hanoi(n, a="A", b="B", c="C"):
    return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


print(hanoi(10))
counter = 0


def with_finally():
    global counter
    try:
        with_finally()
    finally:
        counter += 1


try:
    with_finally()
except RecursionError:
    print(counter > 100)

# Code that executes itself.
depth = 0
source = "depth += 1\nexec(source)"
try:
    exec(source)
except RecursionError as error:
    print(error, depth > 100)

text = "eval(text)"
try:
    eval(text)
except RecursionError as error:
    print(str(error)[:32])
