# A thread is woken by a lock while the one that released it goes on in C code with the GIL: that is a wait for the GIL.
import lab
import threading
import time


def wait():
    with lock:
        pass
    print(time.perf_counter() - released)


lock = threading.Lock()
lock.acquire()
thread = threading.Thread(target=wait, name='woken')
thread.start()
time.sleep(0.001)
released = time.perf_counter()
lock.release()
lab.c_call(0.05, release_gil=False)
thread.join()
