# multiprocessing.Pool and ProcessPoolExecutor by fork: order of results, errors, callbacks, time-outs, initialisers.
import concurrent.futures
import multiprocessing as mp
import os
import time

mp.set_start_method('fork')
state = None


def begin(value):
    global state
    state = value


def square(n):
    return n * n


def add(a, b):
    return a + b


def fail(n):
    if n == 2:
        raise ValueError(f'bad {n}')
    return n


def with_state(n):
    return state, n


def pid(_):
    time.sleep(0.05)
    return os.getpid()


def die():
    os._exit(5)


with mp.Pool(2, initializer=begin, initargs=('set up',)) as pool:
    print(pool.map(square, range(10)), pool.map(square, range(7), chunksize=3))
    print(pool.starmap(add, [(1, 2), (3, 4)]), list(pool.imap(square, range(5))))
    print(sorted(pool.imap_unordered(square, range(6), 2)), pool.apply(add, (5,), {'b': 6}))
    print(pool.map(with_state, [1, 2]), os.getpid() in pool.map(pid, range(4)))
    results = []
    one = pool.apply_async(square, (9,), callback=results.append)
    other = pool.apply_async(fail, (2,), error_callback=lambda e: results.append(repr(e)))
    one.wait()
    other.wait()
    print(one.get(), one.successful(), other.ready(), other.successful(), sorted(map(str, results)))
    try:
        other.get()
    except ValueError as error:
        print(error, type(error.__cause__).__name__)
    try:
        pool.map(fail, range(4))
    except ValueError as error:
        print(error)
    slow = pool.apply_async(time.sleep, (5,))
    try:
        slow.get(timeout=0.1)
    except mp.TimeoutError:
        print('time-out')
    found = pool.imap(fail, range(4))
    print(next(found), next(found))
    try:
        next(found)
    except ValueError as error:
        print(error, next(found))
try:
    pool.map(square, [1])
except ValueError as error:
    print(error)

with mp.Pool(1, maxtasksperchild=1) as pool:
    print(len(set(pool.map(pid, range(3), chunksize=1))))
pool = mp.Pool(2)
answer = pool.map_async(square, range(4))
pool.close()
pool.join()
print(answer.get())

with concurrent.futures.ProcessPoolExecutor(2, initializer=begin, initargs=(7,)) as executor:
    print(list(executor.map(with_state, range(3))), executor.submit(square, 12).result())
    future = executor.submit(fail, 2)
    print(repr(future.exception()))
    futures = {executor.submit(square, n): n for n in range(4)}
    print(sorted(futures[f] * 100 + f.result() for f in concurrent.futures.as_completed(futures)))
    print(list(executor.map(add, [1, 2], [3, 4], chunksize=2)))
    try:
        executor.submit(square, lambda: 0).result()
    except Exception as error:
        print(type(error).__name__)
with concurrent.futures.ProcessPoolExecutor(1) as executor:
    try:
        executor.submit(die).result()
    except concurrent.futures.process.BrokenProcessPool as error:
        print(error)
    try:
        executor.submit(square, 1)
    except concurrent.futures.process.BrokenProcessPool as error:
        print(error)
