# Pickling of one's own for processes: copyreg, __reduce__, __getstate__, ForkingPickler.register, exceptions with arguments, identity of what is shared.
import copyreg
import multiprocessing as mp
import threading
from multiprocessing.reduction import ForkingPickler


class Point:
    def __init__(self, x):
        self.x, self.cached = x, 'do not send'

    def __getstate__(self):
        return {'x': self.x}

    def __setstate__(self, state):
        self.__dict__.update(state, cached=None)


class Tree:
    def __init__(self, *children):
        self.children = children

    def __reduce__(self):
        return Tree, self.children


class Registered:
    made = 0


class Custom(Exception):
    def __init__(self, code, text):
        super().__init__(code, text)
        self.code = code


class Broken(Exception):
    def __init__(self, code):
        super().__init__()


def remake():
    Registered.made += 1
    return Registered()


def reduce_registered(value):
    return remake, ()


def look(*items):
    out = []
    for item in items:
        if isinstance(item, Point):
            out.append((item.x, item.cached))
        elif isinstance(item, Tree):
            out.append(len(item.children))
        elif isinstance(item, Registered):
            out.append(Registered.made)
        else:
            out.append(item)
    return out


def same(a, b):
    return a is b


def fail(kind):
    if kind == 'custom':
        raise Custom(7, 'seven')
    if kind == 'broken':
        raise Broken(1)
    raise OSError(2, 'gone', 'file')


def attempt(do, *args):
    try:
        print(do(*args))
    except Exception as error:
        print(type(error).__name__, str(error).partition(' at 0x')[0].partition(' object')[0], getattr(error, 'code', None), getattr(error, 'filename', None))


if __name__ == '__main__':
    copyreg.pickle(type(NotImplemented), lambda value: 'NotImplemented')
    ForkingPickler.register(Registered, reduce_registered)
    with mp.get_context('fork').Pool(1) as pool:
        print(pool.apply(look, (Point(3), Tree(Tree(), Tree()), Registered(), 2 ** 70, 1.5, None, {1, 2}, b'x', 'é', ...)))
        point = Point(1)
        print(pool.apply(same, (point, point)), pool.apply(same, (Point(1), Point(1))))
        for kind in ('custom', 'os'):
            attempt(pool.apply, fail, (kind,))
        for item in (threading.Lock(), (n for n in ()), open(__file__)):
            attempt(pool.apply, look, (item,))
        attempt(pool.apply, look, (mp.Lock(),))
        attempt(pool.apply, look, (mp.get_context('fork').Queue(),))
        print(pool.map(str, [int, len, Point, mp.cpu_count][:2]))
        print(pool.starmap(divmod, [(7, 2)]), pool.apply(dict, (), {'a': 1}), pool.map(Point(5).__getstate__().get, ['x', 'y']))
