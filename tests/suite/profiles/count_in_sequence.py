# /// lab
# title = "Counting down twice, one after the other"
# python = "2.7"
# cores = 2
# os-scheduler = "round-robin"
# quantum = "10ms"
# computer = "macbook-2009"
# ///
"""David Beazley, USENIX 2009: 24.6 s on a dual-core MacBook at 2 GHz, Python 2.6."""
import threading
import time

N = 100_000_000


def count(n):
    while n > 0:
        n -= 1


begin = time.perf_counter()
count(N)
count(N)
print(time.perf_counter() - begin)
