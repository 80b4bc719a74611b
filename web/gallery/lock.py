# /// lab
# title = "A lock around the counter"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

counter = 0
guard = threading.Lock()

def increment(times, pause):
    global counter
    for _ in range(times):
        with guard:             # one thread at a time: nobody reads a stale value
            seen = counter
            time.sleep(pause)
            counter = seen + 1

a = threading.Thread(target=increment, args=(10, 0.0020), name="A")
b = threading.Thread(target=increment, args=(10, 0.0026), name="B")
a.start(); b.start()
a.join(); b.join()
print(f"expected 20, got {counter}")
