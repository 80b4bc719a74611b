# /// lab
# title = "A worker that waits for another future"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: outer() runs in a worker and wants a second answer from the same pool, while the parent waits for outer(). The worker has a copy
# of the pool, made while submit() held the pool's lock: nobody will ever let go of that copy. The report names who waits for what.
# Change: let outer() call inner() itself, or let the parent submit inner() with what outer() has returned.
from concurrent.futures import ProcessPoolExecutor

def inner(n):
    return n + 1

def outer(n):
    another = pool.submit(inner, n)
    return another.result()

if __name__ == "__main__":
    pool = ProcessPoolExecutor(max_workers=1)
    future = pool.submit(outer, 1)
    print("submitted", flush=True)
    print(future.result())
