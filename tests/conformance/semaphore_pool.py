# A pool of connections on a semaphore, and a rate limiter.
import threading
import time


class Pool:
    def __init__(self, size):
        self.free = [f"connection {n}" for n in range(size)]
        self.semaphore = threading.BoundedSemaphore(size)
        self.lock = threading.Lock()

    def __enter__(self):
        self.semaphore.acquire()
        with self.lock:
            return self.free.pop()

    def use(self, log):
        with self as connection:
            with self.lock:
                log.append(connection)
            time.sleep(0.05)
            with self.lock:
                self.free.append(connection)

    def __exit__(self, *details):
        self.semaphore.release()


pool, log = Pool(2), []
start = time.monotonic()
threads = [threading.Thread(target=pool.use, args=(log,)) for _ in range(6)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(log), sorted(set(log)), sorted(pool.free), 3 == round((time.monotonic() - start) / 0.05))
