# The same with a lock that is taken again meanwhile: whoever wakes up beside the C code has it.
import lab
import threading
import time


def wait():
    with lock:
        order.append('woken')


order = []
lock = threading.Lock()
lock.acquire()
thread = threading.Thread(target=wait)
thread.start()
time.sleep(0.001)
lock.release()
lab.c_call(0.001, release_gil=False)
with lock:
    order.append('main')
thread.join()
print(*order)
