# Pools: chunks, order, lazy iterators, time-outs, callbacks, workers that are replaced, closing, errors that come back with their traceback.
import multiprocessing as mp
import os
import time
from multiprocessing.pool import MaybeEncodingError, ThreadPool


def square(n):
    return n * n


def slow(n):
    time.sleep(n)
    return n


def who(_):
    time.sleep(0.02)
    return os.getpid()


def fail(n):
    return 10 // n


def unpicklable(_):
    return lambda: 0


def attempt(do, *args, **kwargs):
    try:
        print(do(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


if __name__ == '__main__':
    mp.set_start_method('fork')
    with mp.Pool(2) as pool:
        print(pool.map(square, range(11), 4), pool.map(square, []), pool.starmap(pow, [(2, 3), (3, 2)]))
        lazy = pool.imap(square, iter(range(5)), chunksize=2)
        print(next(lazy), next(lazy), lazy.next(timeout=5), list(lazy))
        attempt(next, lazy)
        print(sorted(pool.imap_unordered(square, range(7), 3)))
        waiting = pool.imap(slow, [0.5])
        attempt(waiting.next, 0.01)
        print(waiting.next(5))
        result = pool.apply_async(slow, (0.3,))
        attempt(result.get, 0.01)
        attempt(result.successful)
        print(result.ready(), result.wait(5), result.ready(), result.successful(), result.get())
        got = []
        pool.map_async(square, [1, 2, 3], callback=got.append).wait()
        pool.starmap_async(pow, [(1, 2), (0, 'x')], error_callback=lambda error: got.append(type(error).__name__)).wait()
        time.sleep(0.1)
        print(got)
        attempt(pool.map, fail, [5, 0, 1])
        attempt(list, pool.imap(fail, [5, 0]))
        try:
            pool.apply(fail, (0,))
        except ZeroDivisionError as error:
            cause = str(error.__cause__)
            print(type(error.__cause__).__name__, 'in fail' in cause, cause.strip().splitlines()[-2])
        try:
            pool.apply(unpicklable, (1,))
        except MaybeEncodingError as error:
            print(type(error).__name__, 'lambda' in str(error))
        print(repr(pool).startswith('<multiprocessing.pool.Pool state=RUN pool_size=2>'))
    attempt(pool.map, square, [1])
    pool = mp.Pool(2, maxtasksperchild=1)
    print(len({pid for pid in pool.map(who, range(5), 1)}), len(pool._pool))
    pool.close()
    attempt(pool.apply, square, (1,))
    pool.join()
    pool = mp.Pool(1, maxtasksperchild=3)
    pids = pool.map(who, range(7), 1)
    print([pids.index(pid) for pid in pids])
    pool.terminate()
    pool.join()
    attempt(mp.Pool, 0)
    attempt(mp.Pool, 1, initializer=5)
    attempt(mp.Pool, 1, maxtasksperchild=0)
    running = mp.Pool(1)
    attempt(running.join)
    running.terminate()
    running.join()
    with ThreadPool(3) as threads:
        print(threads.map(square, range(4)), threads.apply(os.getpid) == os.getpid(), threads)
    with mp.Pool(3) as outer:
        print(sum(outer.imap_unordered(square, range(100), 7)))
