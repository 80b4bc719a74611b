# A round-robin over ten generators, a million yields in all.
from collections import deque


def task(n):
    while n > 0:
        yield n
        n -= 1


ready = deque(task(100_000) for _ in range(10))
while ready:
    generator = ready.popleft()
    try:
        next(generator)
    except StopIteration:
        continue
    ready.append(generator)
