# An exception that ends the program does not keep its frames alive.


class A:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('del', self.name, x)


x = 'x'
a = A('global')


def f():
    local = A('local')
    raise ValueError('the end')


f()
