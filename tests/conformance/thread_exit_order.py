# Order at the end: main, non-daemon threads, atexit handlers last in first out.
import atexit
import sys
import threading
import time

atexit.register(print, "atexit: registered first, runs last")
atexit.register(lambda: print("atexit: threads alive", threading.active_count()))


@atexit.register
def third():
    print("atexit: registered last, runs first")


def work(n):
    time.sleep(0.1 * n)
    print("thread", n)


for n in (2, 1):
    threading.Thread(target=work, args=(n,)).start()
print("main calls exit")
sys.exit(3)
