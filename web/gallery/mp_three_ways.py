# /// lab
# title = "Count to a hundred million in two processes"
# python = "2.7"
# cores = 2
# os-scheduler = "round-robin"
# quantum = "10ms"
# computer = "macbook-2009"
# ///
# David Beazley, "An Introduction to Python Concurrency" (USENIX 2009): 24.6 s one after the other, 45.5 s in two threads, 12.5 s in two
# processes. Nothing is shortened here.
# Look at: both cores are busy from end to end, for each process has a GIL of its own and neither ever waits for the other's.
# Change: WAY to "threads" or "sequential" (the Stats tab compares all three), or cores = 1.
import time
from multiprocessing import Process
from threading import Thread

N = 100_000_000
WAY = "processes"  # or "threads", "sequential"

def count(n):
    while n > 0:
        n -= 1

if __name__ == "__main__":
    begin = time.perf_counter()
    if WAY == "sequential":
        count(N)
        count(N)
    else:
        Worker = Process if WAY == "processes" else Thread
        first = Worker(target=count, args=(N,))
        first.start()
        second = Worker(target=count, args=(N,))
        second.start()
        first.join()
        second.join()
    print(f"{WAY}: {time.perf_counter() - begin:.1f} s")
