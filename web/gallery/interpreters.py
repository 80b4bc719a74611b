# /// lab
# title = "A GIL for each interpreter"
# python = "3.14"
# cores = 2
# seed = 1
# ///
import time
from concurrent.futures import InterpreterPoolExecutor, ThreadPoolExecutor

# Two threads that compute take turns: they share a GIL. Each worker of an
# InterpreterPoolExecutor is a thread with an interpreter of its own, and
# that has its own GIL: look at the groups "interpreter 1" and "2".
# They share no objects, so the function and its results are copied.
# With python = "3.11" all interpreters share one GIL.
def count(n):
    while n > 0:
        n -= 1

def measure(name, pool):
    with pool:
        list(pool.map(count, [1, 1]))       # starting an interpreter takes 6 ms
        before = time.perf_counter()
        list(pool.map(count, [400_000, 400_000]))
        print(f"{name}: {time.perf_counter() - before:.4f} s")

if __name__ == "__main__":
    measure("two threads     ", ThreadPoolExecutor(2))
    measure("two interpreters", InterpreterPoolExecutor(2))
