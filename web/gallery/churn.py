# /// lab
# title = "How much C code is worth a thread?"
# python = "2.7"
# computer = "macbook-2009"
# ///
# David Beazley, "An Introduction to Python Concurrency" (USENIX 2009): a C function that lets go of the GIL must do enough work, or two
# threads are slower than one after the other. Sweep N in the Stats tab and measure the last number printed: the speed-up goes from under 1
# towards 2. With RELEASE = False it never comes above 1.
import threading
import time
import lab

N = 10_000
RELEASE = True
CALLS = 2_000
STEP = 1.5e-9  # n -= 1 and a jump: three cycles at 2 GHz


def churn(n):
    lab.c_call(n * STEP, release_gil=RELEASE)


def churner(n):
    count = CALLS
    while count > 0:
        churn(n)
        count -= 1


start = time.perf_counter()
churner(N)
churner(N)
sequential = time.perf_counter() - start

start = time.perf_counter()
t1 = threading.Thread(target=churner, args=(N,))
t2 = threading.Thread(target=churner, args=(N,))
t1.start()
t2.start()
t1.join()
t2.join()
threaded = time.perf_counter() - start
print(f'n = {N}: {sequential:.4f} s one after the other, {threaded:.4f} s in two threads: speed-up {sequential / threaded:.3f}')
