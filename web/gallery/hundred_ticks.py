# /// lab
# title = "Every hundred ticks"
# python = "2.7"
# cores = 2
# ///
import sys
import threading
import time

# Python 2 lets go of the GIL every 100 "ticks" (roughly bytecodes) and asks for it again at once. On two cores the thread that was woken
# comes too late nearly every time: the multicore battle that David Beazley found.
# Look at: failed attempts in the Stats tab. Change: python = "3.13" (the new GIL asks only after 5 ms), cores = 1, or the interval below.

N = 20_000
print("a check every", sys.getcheckinterval(), "ticks")


def count(n):
    while n > 0:
        n -= 1


start = time.time()
count(N)
count(N)
alone = time.time() - start

threads = [threading.Thread(target=count, args=(N,)) for _ in range(2)]
start = time.time()
for t in threads:
    t.start()
for t in threads:
    t.join()
both = time.time() - start
print("two threads are slower than one after the other:", both > alone)
