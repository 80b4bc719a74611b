# `throw` and `close` through `yield from` and `await`: the delegating frame is on the stack, handles what comes, and is running meanwhile.
import sys


def names():
    frame = sys._getframe(1)
    found = []
    while frame and frame.f_code.co_name != '<module>':
        found.append(frame.f_code.co_name)
        frame = frame.f_back
    return found


def inner():
    try:
        yield 1
    except ValueError as error:
        print('inner', error, names())
        yield 2
    return 'done'


def outer():
    try:
        raise KeyError('handled')
    except KeyError:
        print('result', (yield from inner()))
    yield 3


g = outer()
print(next(g), g.throw(ValueError('thrown')), next(g))


class Sub:
    # An iterator that has no `throw`, and one that has.
    def __init__(self, throws):
        self.throws = throws
        if throws:
            self.throw = self.answer

    def __iter__(self):
        return self

    def __next__(self):
        return 'next'

    def answer(self, error):
        print('sub got', repr(error))
        raise StopIteration('returned')

    def close(self):
        print('sub closed')


def over(sub):
    try:
        value = yield from sub
    except Exception as error:
        print('over caught', repr(error))
        value = None
    print('over got', value)
    yield 'after'


for throws in (False, True):
    g = over(Sub(throws))
    print(next(g), g.throw(IndexError('x')))
    g.close()
g = over(Sub(False))
next(g)
g.close()


def busy():
    try:
        yield
    except ValueError:
        g.throw(TypeError())


def around():
    yield from busy()


g = around()
next(g)
try:
    g.throw(ValueError())
except ValueError as error:
    print(error)


async def coroutine():
    return 'value'


c = coroutine()
try:
    c.send(None)
except StopIteration as stop:
    print(stop.value)
for use in (lambda: c.send(None), lambda: c.throw(ValueError())):
    try:
        use()
    except RuntimeError as error:
        print(error)
c.close()


class Bad(Exception):
    def __new__(cls):
        return 42


def plain():
    yield


for arguments in [(Bad,), (list,), (3,)]:
    g = plain()
    next(g)
    try:
        g.throw(*arguments)
    except Exception as error:
        print(type(error).__name__, str(error).split(', not')[0], list(g))

sys.set_coroutine_origin_tracking_depth(2)


def make():
    return coroutine()


c = make()
print([(line, name) for file, line, name in c.cr_origin])
c.close()
sys.set_coroutine_origin_tracking_depth(0)


class Broken:
    def __aiter__(self):
        return self

    def __anext__(self):
        return self

    def __await__(self):
        1 / 0


async def loop():
    async for _ in Broken():
        pass


try:
    loop().send(None)
except TypeError as error:
    print(error, repr(error.__cause__))
