# Two CPU-bound tasks in threads, then in interpreters: how long each takes, in virtual seconds.
import threading
import time
from concurrent.futures import InterpreterPoolExecutor, ThreadPoolExecutor

N = 1_000_000


def count(n):
    while n > 0:
        n -= 1


def measure(name, pool):
    with pool:
        list(pool.map(count, [1, 1]))
        before = time.perf_counter()
        list(pool.map(count, [N, N]))
        print(name, round(time.perf_counter() - before, 6))


if __name__ == '__main__':
    measure('threads', ThreadPoolExecutor(2))
    measure('interpreters', InterpreterPoolExecutor(2))
