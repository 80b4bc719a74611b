# /// lab
# title = "Counting down in two processes"
# python = "2.7"
# cores = 2
# os-scheduler = "round-robin"
# quantum = "10ms"
# computer = "macbook-2009"
# ///
"""David Beazley, USENIX 2009: 12.5 s with multiprocessing, against 24.6 s one after the other."""
import multiprocessing
import time

N = 100_000_000


def count(n):
    while n > 0:
        n -= 1


if __name__ == '__main__':
    p1 = multiprocessing.Process(target=count, args=(N,))
    p2 = multiprocessing.Process(target=count, args=(N,))
    begin = time.perf_counter()
    p1.start()
    p2.start()
    p1.join()
    p2.join()
    print(time.perf_counter() - begin)
