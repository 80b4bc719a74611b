# A signal that comes while the main thread waits for another one: what it does to that one, and when the handler runs.
import os
import signal
import threading
import time


def count(n):
    while n > 0:
        n -= 1


def work(send):
    time.sleep(0.001)
    if send:
        os.kill(os.getpid(), signal.SIGINT)
    begin = time.perf_counter()
    count(1_000_000)
    took.append(time.perf_counter() - begin)


took = []
for send in False, True:
    thread = threading.Thread(target=work, args=(send,))
    thread.start()
    try:
        thread.join()
        late = None
    except KeyboardInterrupt:
        late = not thread.is_alive()
    thread.join()
print(late, took[1] / took[0])
