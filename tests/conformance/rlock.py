# RLock: re-entrance, ownership, errors, a monitor whose methods call each other.
import re
import threading
import time

lock = threading.RLock()
print(lock.acquire(), lock.acquire(), lock.acquire(blocking=False))
print(re.sub(r"0x[0-9a-f]+", "ADDR", re.sub(r"owner=\d+", "owner=ME", repr(lock))))
lock.release()
lock.release()
got = []


def other():
    got.append(lock.acquire(blocking=False))
    got.append(lock.acquire(timeout=0.05))
    try:
        lock.release()
    except RuntimeError as error:
        got.append(str(error))


t = threading.Thread(target=other)
t.start()
t.join()
print(got)
lock.release()
try:
    lock.release()
except RuntimeError as error:
    print(error)


class Monitor:
    def __init__(self):
        self.lock = threading.RLock()
        self.log = []

    def bar(self, who):
        with self.lock:
            self.log.append(f"bar {who}")

    def spam(self, who):
        with self.lock:
            self.log.append(f"spam {who}")
            time.sleep(0.05)
            self.bar(who)


m = Monitor()
threads = [threading.Thread(target=m.spam, args=(n,)) for n in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
pairs = list(zip(m.log[::2], m.log[1::2]))
print(len(pairs), all(a.split()[1] == b.split()[1] for a, b in pairs))
with lock:
    with lock:
        print("nested")
