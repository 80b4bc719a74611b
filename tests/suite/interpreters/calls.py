# What goes to another interpreter by `call` and by a pool, and what comes back. The facts are from CPython 3.14's documentation of
# `concurrent.interpreters`, `concurrent.futures` and its own tests of them (test_interpreters.test_api, test_concurrent_futures).
import threading
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor

FACTOR = 3
NAME = __name__


class Oops(Exception):
    pass


class Point:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return type(other) is type(self) and other.x == self.x


def stateless(n):
    return n * 2


def with_global(n):
    return n * FACTOR, __name__


def with_default(n=7):
    return n


def point(n):
    return Point(n)


def x_of(p):
    return p.x


def fail(n):
    raise Oops(n)


def here(*args, **kwargs):
    from concurrent import interpreters
    return interpreters.get_current().id, args, kwargs


def started():
    print('started', __name__)


def broken():
    raise RuntimeError('no start')


def closure():
    free = 1
    return lambda: free


def show(act):
    try:
        print(act())
    except Exception as e:
        print(type(e).__name__, '|', e)


if __name__ == '__main__':
    one = interpreters.create()
    print(one.call(stateless, 21), one.call(len, 'four'), one.call(print, end=''))
    print(one.call(with_global, 5), one.call(with_default))
    print(one.call(point, 4) == Point(4), one.call(x_of, Point(8)))
    print(one.call(here, 1, [2], key={'k': None}))
    show(lambda: one.call(closure()))
    show(lambda: one.call(stateless, lambda: 1))
    show(lambda: one.call(eval, 'print'))
    show(lambda: one.call(eval, '(n for n in range(3))'))
    try:
        one.call(fail, 'told')
    except interpreters.ExecutionFailed as e:
        print(e.excinfo.type.__name__, e.excinfo.msg, 'in fail' in e.excinfo.errdisplay)
    t = one.call_in_thread(print, 'in a thread')
    t.join()
    one.close()

    with InterpreterPoolExecutor(2, initializer=started) as pool:
        print(list(pool.map(with_global, range(4))))
        future = pool.submit(fail, 5)
        e = future.exception()
        print(type(e) is Oops, e.args, type(e.__cause__).__name__)
        ids = {future.result()[0] for future in [pool.submit(here) for _ in range(6)]}
        print(0 in ids, len(ids) <= 2)
        show(lambda: pool.submit(closure()).result())
    print(interpreters.list_all())
    with InterpreterPoolExecutor(1, initializer=broken) as pool:
        e = pool.submit(stateless, 1).exception()
        print(type(e).__name__)
