# Semaphores: as a limit, as a signal, errors, bounded, release of several.
import threading
import time

limit = threading.Semaphore(2)
running = peak = 0
guard = threading.Lock()


def fetch():
    global running, peak
    with limit:
        with guard:
            running += 1
            peak = max(peak, running)
        time.sleep(0.06)
        with guard:
            running -= 1


threads = [threading.Thread(target=fetch) for _ in range(6)]
start = time.monotonic()
for t in threads:
    t.start()
for t in threads:
    t.join()
print("peak", peak, 0.17 < time.monotonic() - start < 0.5)
signal = threading.Semaphore(0)
log = []


def second():
    signal.acquire()
    log.append("second")


t = threading.Thread(target=second)
t.start()
time.sleep(0.05)
log.append("first")
signal.release()
t.join()
print(log)
print(signal.acquire(blocking=False), signal.acquire(timeout=0.05))
signal.release(3)
print([signal.acquire(blocking=False) for _ in range(4)])
bounded = threading.BoundedSemaphore(2)
bounded.acquire()
bounded.release()
for action in (bounded.release, lambda: threading.Semaphore(-1), lambda: signal.release(0), lambda: signal.acquire(False, 1), lambda: bounded.release(5)):
    try:
        print(action())
    except ValueError as error:
        print(error)
print(bounded._value, threading.Semaphore()._value)
with threading.BoundedSemaphore() as entered:
    print(entered)
