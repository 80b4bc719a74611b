# /// lab
# title = "Two threads count down"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

N = 1_000_000

def countdown(n):
    while n > 0:
        n -= 1

start = time.perf_counter()
t1 = threading.Thread(target=countdown, args=(N,), name="T1")
t2 = threading.Thread(target=countdown, args=(N,), name="T2")
t1.start(); t2.start()
t1.join(); t2.join()
print(f"{time.perf_counter() - start:.4f} s for two threads, one at a time")
