# ProcessPoolExecutor: results and errors, map with chunks, time-outs, cancelling, initialisers, shutdown, nested waits, contexts.
import multiprocessing as mp
import os
import time
from concurrent.futures import (ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, CancelledError, ProcessPoolExecutor, TimeoutError,
                                as_completed, wait)

ready = 'no'


def prepare(value):
    global ready
    ready = value


def get_ready():
    return ready


def square(n):
    return n * n


def slow(n):
    time.sleep(n)
    return n


def fail(n):
    raise KeyError(n)


def pid(_):
    return os.getpid()


def attempt(do, *args, **kwargs):
    try:
        print(do(*args, **kwargs))
    except BaseException as error:
        print(type(error).__name__, error)


if __name__ == '__main__':
    context = mp.get_context('fork')
    with ProcessPoolExecutor(2, mp_context=context, initializer=prepare, initargs=('yes',)) as executor:
        print(executor.submit(square, 7).result(), executor.submit(get_ready).result(), list(executor.map(square, range(5))))
        print(list(executor.map(square, range(10), chunksize=4)), list(executor.map(pow, [2, 3], [3, 2])))
        attempt(executor.submit(fail, 'k').result)
        print(type(executor.submit(fail, 1).exception()).__name__, executor.submit(square, 1).exception())
        attempt(list, executor.map(fail, [1]))
        attempt(executor.map(slow, [0.5], timeout=0.05).__next__)
        late = executor.submit(slow, 0.4)
        attempt(late.result, 0.05)
        print(late.running(), late.done(), late.cancel(), late.result())
        futures = [executor.submit(slow, seconds) for seconds in (0.6, 0.1)]
        print([future.result() for future in as_completed(futures)])
        futures = [executor.submit(slow, 0.1), executor.submit(slow, 0.8)]
        done, rest = wait(futures, return_when=FIRST_COMPLETED)
        print(len(done), len(rest), len(wait(futures, return_when=ALL_COMPLETED).done))
        futures = [executor.submit(fail, 1), executor.submit(slow, 0.5)]
        print(len(wait(futures, return_when=FIRST_EXCEPTION).not_done))
        called = []
        future = executor.submit(square, 3)
        future.add_done_callback(lambda future: called.append(future.result()))
        future.result()
        time.sleep(0.1)
        print(called, len(set(executor.map(pid, range(20)))) <= 2)
        busy = [executor.submit(slow, 0.2) for _ in range(12)]
        print(busy[-1].cancel(), busy[-1].cancelled())
        attempt(busy[-1].result)
        executor.shutdown(wait=True, cancel_futures=True)
        print(sum(future.cancelled() for future in busy) >= 6)
    attempt(executor.submit, square, 1)
    attempt(ProcessPoolExecutor, 0)
    attempt(ProcessPoolExecutor, 1, initializer=1)
    attempt(lambda: ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1))
    attempt(lambda: ProcessPoolExecutor(1, mp_context=context).map(square, [1], chunksize=0))
    with ProcessPoolExecutor(1, mp_context=mp.get_context("spawn"), max_tasks_per_child=4) as executor:
        pids = list(executor.map(pid, range(4)))
        print(len(set(pids)), [pids.index(p) for p in pids])
    print(issubclass(TimeoutError, Exception), issubclass(CancelledError, Exception))
