# /// lab
# title = "Libraries that let go of the GIL"
# python = "3.13"
# cores = 4
# ///
import hashlib
import threading
import time

# A loop in Python keeps the GIL, so four threads take turns. Hashing a large block is C code that lets go of it: four threads compute on
# four cores. Files, sockets, time.sleep, zlib and NumPy do the same.
# Look at: "C code without the GIL" on the threads. Change: SIZE = 1_000 (too little work to let go for), or cores = 1.

SIZE = 2_000_000
block = b"x" * SIZE


def python_work():
    n = 60_000
    while n > 0:
        n -= 1


def c_work():
    hashlib.sha256(block).digest()


def alone_and_in_threads(work):
    start = time.perf_counter()
    for _ in range(4):
        work()
    alone = time.perf_counter() - start
    start = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return alone / (time.perf_counter() - start)


for work in (python_work, c_work):
    gain = alone_and_in_threads(work)
    print(f"{work.__name__}: four threads are {'about three times as fast or more' if gain > 2.5 else 'no faster'}")
