# /// lab
# title = "Counting down in two threads"
# python = "2.7"
# cores = 2
# os-scheduler = "round-robin"
# quantum = "10ms"
# computer = "macbook-2009"
# ///
"""David Beazley, USENIX 2009: 45.5 s on two cores, with 9.5 million Mach calls."""
import threading
import time

N = 100_000_000


def count(n):
    while n > 0:
        n -= 1


begin = time.perf_counter()
t1 = threading.Thread(target=count, args=(N,))
t1.start()
t2 = threading.Thread(target=count, args=(N,))
t2.start()
t1.join()
t2.join()
print(time.perf_counter() - begin)
