# ThreadPoolExecutor: submit, map, results in order, exceptions, shutdown, names, worker reuse.
import threading
import time
from concurrent.futures import ThreadPoolExecutor


def slow_square(n):
    time.sleep(0.05 * (4 - n))
    return n * n


with ThreadPoolExecutor(max_workers=4) as pool:
    print(list(pool.map(slow_square, range(4))))
    future = pool.submit(pow, 2, 10)
    print(future.result(), future.done(), future.running(), future.cancelled(), future.exception())
    failing = pool.submit(int, "x")
    print(repr(failing.exception()))
    try:
        failing.result()
    except ValueError as error:
        print("raised", error)
    print(list(pool.map(lambda a, b: a + b, [1, 2, 3], [10, 20])))
    results = pool.map(lambda n: 10 / n, [5, 0, 2])
    print(next(results))
    try:
        next(results)
    except ZeroDivisionError as error:
        print("in map:", error)
try:
    pool.submit(print)
except RuntimeError as error:
    print(error)
names = set()


def name():
    time.sleep(0.05)
    names.add(threading.current_thread().name)


with ThreadPoolExecutor(2, thread_name_prefix="crew") as pool:
    for _ in range(5):
        pool.submit(name)
print(sorted(names))
with ThreadPoolExecutor(1) as pool:
    order = []
    for n in range(5):
        pool.submit(order.append, n)
print(order)
local = threading.local()


def prepare(value):
    local.value = value


with ThreadPoolExecutor(2, initializer=prepare, initargs=("ready",)) as pool:
    print(pool.submit(lambda: local.value).result())
for arguments in ({"max_workers": 0}, {"max_workers": -1}, {"initializer": 5}):
    try:
        ThreadPoolExecutor(**arguments)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
pool = ThreadPoolExecutor(1)
print(pool.shutdown(), pool.shutdown(wait=False))
