# Lock: acquire forms, locked, errors, representation, release from another thread, time-out.
import re
import threading
import time

lock = threading.Lock()
print(re.sub("0x[0-9a-f]+", "ADDR", repr(lock)), lock.locked())
print(lock.acquire(), lock.locked(), re.sub("0x[0-9a-f]+", "ADDR", repr(lock)))
print(lock.acquire(False), lock.acquire(blocking=False), lock.acquire(timeout=0.05), lock.acquire(True, 0))
lock.release()
for action in (lock.release, lambda: lock.acquire(False, 1), lambda: lock.acquire(timeout=-5), lambda: lock.acquire(timeout=-0.5)):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
with lock as entered:
    print(entered, lock.locked())
print(lock.locked())
lock.acquire()
t = threading.Thread(target=lock.release)
t.start()
t.join()
print("released elsewhere", lock.locked())
order = []


def hold(name, seconds):
    with lock:
        order.append(name + "+")
        time.sleep(seconds)
        order.append(name + "-")


a = threading.Thread(target=hold, args=("a", 0.2))
a.start()
time.sleep(0.05)
b = threading.Thread(target=hold, args=("b", 0.05))
b.start()
start = time.monotonic()
print(lock.acquire(timeout=0.05), 0.04 < time.monotonic() - start < 0.14)
a.join()
b.join()
print(order)
try:
    with lock:
        raise KeyError("inside")
except KeyError:
    print("free again", not lock.locked())
