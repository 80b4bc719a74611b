# Iterators of one's own: separate iterables and iterators, infinite, sentinel, zip/map/enumerate laziness, errors inside.
class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return CountdownIterator(self.n)


class CountdownIterator:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1


c = Countdown(3)
print(list(c), list(c), sum(c), max(c), 2 in c, tuple(c), [*c], {*c}, dict.fromkeys(c), "-".join(map(str, c)))
a, b, d = c
print(a, b, d, sorted(c), list(zip(c, c)), list(enumerate(c)), list(reversed(list(c))), any(n == 2 for n in c))
i = iter(c)
print(next(i), list(i), list(i), next(i, None))


class Lazy:
    def __init__(self, name):
        self.name, self.n = name, 0

    def __iter__(self):
        print(self.name, "iter")
        return self

    def __next__(self):
        self.n += 1
        print(self.name, "next", self.n)
        if self.n > 2:
            raise StopIteration
        return self.n


print(list(zip(Lazy("a"), Lazy("b"))))
m = map(lambda x, y: x + y, Lazy("m"), [10])
print(next(m))
try:
    next(m)
except StopIteration:
    print("map done")
print(list(filter(lambda n: n == 2, Lazy("f"))))
for n in Lazy("for"):
    if n == 2:
        break
else:
    print("not reached")
first, second = Lazy("pair")


class Broken:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("broken iterator")


for use in (list, sum, sorted, set, lambda b: [*b], lambda b: dict(b), lambda b: "".join(b), lambda b: 5 in b, lambda b: max(b)):
    try:
        use(Broken())
    except ValueError as error:
        print(error)


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


print([n for n, _ in zip(fibonacci(), range(10))], next(n for n in fibonacci() if n > 1000))
it = iter(range(6))
print(list(zip(it, it)), list(map(max, [1, 5], [3, 2])), list(zip("ab", fibonacci())))


class Mapping:
    def keys(self):
        return ["x", "y"]

    def __getitem__(self, key):
        return key * 2


print(dict(Mapping()), {**Mapping()}, (lambda **kw: kw)(**Mapping()))
