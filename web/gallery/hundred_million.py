# /// lab
# title = "A hundred million, twice"
# python = "2.7"
# cores = 2
# os-scheduler = "round-robin"
# quantum = "10ms"
# computer = "macbook-2009"
# ///
# David Beazley, "An Introduction to Python Concurrency" (USENIX 2009), on a MacBook with two cores: 24.6 s one after the other,
# 45.5 s in two threads, 38.0 s in two threads on one core. Nothing is shortened here; sweep THREADS in the Stats tab.
import threading
import time

N = 100_000_000
THREADS = True

def count(n):
    while n > 0:
        n -= 1

begin = time.perf_counter()
if THREADS:
    t1 = threading.Thread(target=count, args=(N,), name="T1")
    t1.start()
    t2 = threading.Thread(target=count, args=(N,), name="T2")
    t2.start()
    t1.join()
    t2.join()
else:
    count(N)
    count(N)
print(f"{time.perf_counter() - begin:.1f} s", "in two threads" if THREADS else "one after the other")
