# Descriptors whose `__get__` replaces them in the class or hides them by the instance, met by functions that are not written in Python.
from operator import attrgetter, length_hint
from unittest.mock import MagicMock


class Once:
    def __init__(self, make):
        self.make = make

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        print('get', self.name)
        made = self.make(instance)
        setattr(owner, self.name, lambda self, *args: made(*args))
        return made


class Things:
    __len__ = Once(lambda self: lambda: 3)
    __str__ = Once(lambda self: lambda: 'text')
    __iter__ = Once(lambda self: lambda: iter('abc'))
    __getitem__ = Once(lambda self: lambda key: key * 2)
    __contains__ = Once(lambda self: lambda key: key == 1)
    __hash__ = Once(lambda self: lambda: 7)
    __bool__ = Once(lambda self: lambda: False)
    __index__ = Once(lambda self: lambda: 1)


things = Things()
for _ in range(2):
    print(len(things), str(things), list(things), things[4], 1 in things, hash(things), bool(things), ['a', 'b'][things])
    print(sorted(things), tuple(things), max(things), ''.join(things), {things: 1}[things], length_hint(things))


class Lazy:
    def __get__(self, instance, owner):
        print('lazy')
        if instance is None:
            owner.value = 'of the class'
            return 'made for the class'
        instance.__dict__['value'] = 'own'
        return 'made'


class Holder:
    value = Lazy()


holder = Holder()
print(getattr(holder, 'value'), getattr(holder, 'value'), attrgetter('value')(Holder()))
print(hasattr(Holder, 'value'), getattr(Holder, 'value'), attrgetter('value')(Holder))

mock = MagicMock()
print(len(mock), list(mock), int(mock), bool(mock), str(mock)[:10], mock[1] is mock[2], next(iter(mock), 'none'))
mock.__iter__.return_value = iter([1, 2])
print(list(mock), mock.__iter__.call_count)


class Next:
    def __call__(self):
        return 'from an object that is called'


class Steps:
    __next__ = Next()


print(next(Steps()))
