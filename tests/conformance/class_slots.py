# __slots__: no dict, inheritance, unset slots, conflicts.
class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Point3(Point):
    __slots__ = ["z"]


class Open(Point):
    pass


p = Point(1, 2)
try:
    p.z = 3
except AttributeError as error:
    print(error)
print(hasattr(p, "__dict__"), p.x + p.y)
q = Point3(1, 2)
try:
    q.z
except AttributeError as error:
    print("unset:", error)
q.z = 9
print(q.x, q.y, q.z)
del q.z
print(hasattr(q, "z"))
o = Open(5, 6)
o.extra = 1
print(o.__dict__, o.x)
print(type(Point.x).__name__, Point.__slots__, Point3.__slots__)
try:
    class Bad:
        __slots__ = ("a",)
        a = 1
except ValueError as error:
    print(error)
try:
    class Two(Point, Point3):
        pass
except TypeError as error:
    print(str(error).split("\n")[0])
