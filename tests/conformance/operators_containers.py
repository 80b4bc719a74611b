# Container protocol: getitem with slices, setitem, delitem, contains by iteration, reversed, missing, call.
class Grid:
    def __init__(self):
        self.cells = {}

    def __getitem__(self, key):
        return self.cells.get(key, key)

    def __setitem__(self, key, value):
        print("set", key, value)
        self.cells[key] = value

    def __delitem__(self, key):
        print("del", key)
        self.cells.pop(key, None)

    def __call__(self, *args, **kwargs):
        return args, kwargs


g = Grid()
g[1, 2] = "x"
g[0] = 5
g[0] += 1
print(g[1, 2], g[0], g[3:4], g[::2, 1:], g[...], g[-1])
del g[0]
print(g(1, *[2, 3], k=4, **{"z": 5}), callable(g), callable(3))


class Old:
    def __getitem__(self, index):
        if index > 3:
            raise IndexError
        return index * 10


print(list(Old()), 20 in Old(), 21 in Old())
first, *rest = Old()
print(first, rest)


class Backwards:
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return "abc"[index]


print(list(reversed(Backwards())), len(Backwards()), bool(Backwards()))


class Default(dict):
    def __missing__(self, key):
        self[key] = value = key * 2
        return value


d = Default(a=1)
print(d["a"], d["bc"], d, d.get("nope"), "zz" in d)


class Negative:
    def __len__(self):
        return -1


try:
    len(Negative())
except ValueError as error:
    print(error)


class Hinted:
    def __iter__(self):
        return iter((1, 2, 3))

    def __length_hint__(self):
        return 100

    def __reversed__(self):
        return iter("reversed")


print(list(Hinted()), "".join(reversed(Hinted())))
try:
    iter(5)
except TypeError as error:
    print(error)


class BadIter:
    def __iter__(self):
        return 5


try:
    for _ in BadIter():
        pass
except TypeError as error:
    print(error)


class Generic:
    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"


print(Generic["T"], list[int], dict[str, int])
