# Two locks in opposite orders with a time-out instead of a deadlock, then in one order.
import threading
import time

first, second = threading.Lock(), threading.Lock()
log = []


def cross(name, a, b, patience):
    with a:
        time.sleep(0.05)
        if b.acquire(timeout=patience):
            log.append(f"{name} has both")
            b.release()
        else:
            log.append(f"{name} gave up")


x = threading.Thread(target=cross, args=("x", first, second, 0.1))
y = threading.Thread(target=cross, args=("y", second, first, 1))
x.start()
y.start()
x.join()
y.join()
print(log)
log.clear()
threads = [threading.Thread(target=cross, args=(n, first, second, 1)) for n in "pq"]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(log), first.locked(), second.locked())
