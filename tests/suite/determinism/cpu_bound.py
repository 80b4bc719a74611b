# /// lab
# cores = 4
# seed = 7
# ///
import threading
import time


def count(n):
    while n > 0:
        n -= 1
    done.append((threading.current_thread().name, time.perf_counter()))


done = []
threads = [threading.Thread(target=count, args=(60_000 + 10_000 * n,)) for n in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(done)
