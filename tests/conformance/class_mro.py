# Method resolution order, cooperative super(), and an order that cannot exist.
class Base:
    def greet(self):
        return ["base"]


class Left(Base):
    def greet(self):
        return ["left"] + super().greet()


class Right(Base):
    def greet(self):
        return ["right"] + super().greet()


class Both(Left, Right):
    def greet(self):
        return ["both"] + super().greet()


print(Both().greet())
print([cls.__name__ for cls in Both.__mro__])
print(Both.mro() == list(Both.__mro__))
print(super(Left, Both()).greet())
try:
    class Broken(Base, Left):
        pass
except TypeError as error:
    print(str(error).splitlines()[0])


class Meter:
    def __init__(self, **rest):
        self.rest = rest
        super().__init__()


class Named(Meter):
    def __init__(self, *, name, **rest):
        self.name = name
        super().__init__(**rest)


class Sized(Meter):
    def __init__(self, *, size, **rest):
        self.size = size
        super().__init__(**rest)


class Thing(Named, Sized):
    pass


t = Thing(size=3, name="box", colour="red")
print(t.name, t.size, t.rest)
print(Base.__subclasses__())
