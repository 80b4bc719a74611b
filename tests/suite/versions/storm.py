# Python 2: two threads count, and a signal waits for the main thread, which waits for a lock: every tick is a fight.
import os
import signal
import threading
import time

seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(time.perf_counter()))


def count(n):
    while n > 0:
        n -= 1


def work(send):
    time.sleep(0.001)
    if send:
        os.kill(os.getpid(), signal.SIGINT)
    count(100_000)


for send in False, True:
    begin = time.perf_counter()
    threads = [threading.Thread(target=work, args=(send,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(time.perf_counter() - begin)
print(len(seen))
