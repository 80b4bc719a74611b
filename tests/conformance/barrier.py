# Barrier: phases, indices, action, abort, broken by time-out, reset.
import threading
import time

log = []
guard = threading.Lock()
barrier = threading.Barrier(3, action=lambda: log.append("action"))
indices = []


def worker(n):
    for phase in range(2):
        time.sleep(0.05 * n)
        log.append(f"phase {phase}")
        index = barrier.wait()
        with guard:
            indices.append(index)


threads = [threading.Thread(target=worker, args=(n,)) for n in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(log, sorted(indices))
print(barrier.parties, barrier.n_waiting, barrier.broken)
pair = threading.Barrier(2, timeout=0.1)
try:
    pair.wait()
except threading.BrokenBarrierError as error:
    print("time-out", repr(error), pair.broken)
try:
    pair.wait()
except threading.BrokenBarrierError:
    print("still broken")
pair.reset()
print(pair.broken)
results = []


def waits():
    try:
        pair.wait(5)
        results.append("passed")
    except threading.BrokenBarrierError:
        results.append("broken")


for ending in (pair.abort, pair.reset, pair.wait):
    t = threading.Thread(target=waits)
    t.start()
    time.sleep(0.05)
    print("waiting", pair.n_waiting)
    ending()
    t.join()
    print(results, pair.broken)
    if pair.broken:
        pair.reset()


def fails():
    raise ValueError("in action")


bad = threading.Barrier(1, action=fails)
try:
    bad.wait()
except ValueError as error:
    print(error, bad.broken)
try:
    threading.Barrier(0)
except ValueError as error:
    print(type(error).__name__)
