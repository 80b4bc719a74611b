# What only the main module holds dies at the end of the program with all names of the module still there.

import types
import weakref


class A:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('del', self.name, x, helper(), Other)


def helper():
    return y


class Other:
    pass


x = 'x'
y = 'y'
a = A('global')
cycle = Other()
cycle.cycle = cycle
cycle.a = A('in a cycle')
module = types.ModuleType('module')
module.a = A('in a module')


def generate():
    try:
        yield
    finally:
        print('generator', x)


g = generate()
next(g)
_first = A('underscore')
z = A('z')
items = [A('in a list')]
f = lambda q=A('default'): q
watched = Other()
ref = weakref.ref(watched, lambda r: print('not called: the reference dies too'))
