# Metaclasses: __prepare__, __new__, __init__, __call__, keyword arguments, __init_subclass__, __set_name__.
class Registry(type):
    known = {}

    @classmethod
    def __prepare__(mcls, name, bases, **options):
        print("prepare", name, sorted(options))
        return {"prepared": True}

    def __new__(mcls, name, bases, namespace, **options):
        print("new", name, "prepared" in namespace)
        return super().__new__(mcls, name, bases, dict(namespace))

    def __init__(cls, name, bases, namespace, *, tag=None):
        super().__init__(name, bases, namespace)
        cls.tag = tag
        Registry.known[name] = cls

    def __call__(cls, *args):
        print("call", cls.__name__, args)
        instance = super().__call__(*args)
        instance.made = True
        return instance

    def __len__(cls):
        return 42

    def __contains__(cls, item):
        return item == cls.__name__.lower()


class Plugin(metaclass=Registry, tag="root"):
    def __init__(self, value=0):
        self.value = value


class Child(Plugin, tag="leaf"):
    pass


c = Child(7)
print(c.value, c.made, Child.tag, Plugin.tag)
print(type(Child), len(Child), "child" in Child, "x" in Child)
print(list(Registry.known))


class Field:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name


class Model:
    registry = []

    def __init_subclass__(cls, /, colour="none", **rest):
        super().__init_subclass__(**rest)
        cls.colour = colour
        Model.registry.append(cls.__name__)


class Car(Model, colour="red"):
    wheels = Field()
    doors = Field()


class Bike(Model):
    pass


print(Model.registry, Car.colour, Bike.colour)
Made = type("Made", (Model,), {"x": 1, "twice": lambda self: self.x * 2}, colour="blue")
print(Made, Made().twice(), Made.colour)
try:
    class Wrong(Plugin, Model, metaclass=type):
        pass
    print("derived metaclass wins:", type(Wrong).__name__)
except TypeError as error:
    print(error)


class OtherMeta(type):
    pass


class Other(metaclass=OtherMeta):
    pass


try:
    class Conflict(Plugin, Other):
        pass
except TypeError as error:
    print("conflict:", str(error)[:18])
