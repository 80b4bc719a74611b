# Sleep sort, staggered timers, and the order in which sleepers wake.
import threading
import time

out = []


def sleeper(n):
    time.sleep(n * 0.05)
    out.append(n)


threads = [threading.Thread(target=sleeper, args=(n,)) for n in (5, 3, 9, 1, 7, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(out)
start = time.monotonic()
marks = []
timers = [threading.Timer(0.06 * n, lambda n=n: marks.append((n, round((time.monotonic() - start) / 0.06)))) for n in (3, 1, 2)]
for t in timers:
    t.start()
for t in timers:
    t.join()
print(marks)
