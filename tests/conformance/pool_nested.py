# Pools: exceptions keep their traceback, work submitted by work, a result dictionary, many small tasks.
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor


def divide(a, b):
    return a / b


with ThreadPoolExecutor() as pool:
    future = pool.submit(divide, 1, 0)
    try:
        future.result()
    except ZeroDivisionError as error:
        print([frame.name for frame in traceback.extract_tb(error.__traceback__)][-1], error)
    total = sum(pool.map(lambda n: n % 7, range(200)))
    print(total)


def outer(pool, n):
    return pool.submit(pow, n, 2)


with ThreadPoolExecutor(3) as pool:
    inner = [pool.submit(outer, pool, n) for n in range(4)]
    print([f.result().result() for f in inner])
counts = {}
lock = threading.Lock()


def count(word):
    with lock:
        counts[word] = counts.get(word, 0) + 1
    return len(word)


with ThreadPoolExecutor(5) as pool:
    lengths = list(pool.map(count, "the cat and the dog and the end".split()))
print(lengths, sorted(counts.items()))
start = time.monotonic()
with ThreadPoolExecutor(10) as pool:
    list(pool.map(time.sleep, [0.1] * 10))
print(0.1 <= time.monotonic() - start < 0.4)
