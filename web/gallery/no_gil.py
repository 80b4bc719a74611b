# /// lab
# title = "The countdown without a GIL"
# python = "3.13t"
# cores = 4
# ///
import sys
import threading
import time

# Free-threaded Python (PEP 703) has no GIL: four threads count down on four cores in about the time of one.
# Look at: the cores, all of them busy. Change: python = "3.13", and the same program takes four times as long.

N = 200_000


def countdown(n):
    while n > 0:
        n -= 1


start = time.perf_counter()
countdown(N)
one = time.perf_counter() - start

start = time.perf_counter()
threads = [threading.Thread(target=countdown, args=(N,), name=f"T{i}") for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
four = time.perf_counter() - start

print("GIL:", sys._is_gil_enabled())
print("four countdowns take as long as", "one" if four < 2 * one else "four")
