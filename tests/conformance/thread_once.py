# Patterns: run once, double-checked initialisation, cached property, cancellation by flag, thread-safe singleton.
import functools
import threading
import time


class Once:
    def __init__(self, function):
        self.function, self.lock, self.done = function, threading.Lock(), False

    def __call__(self):
        if not self.done:
            with self.lock:
                if not self.done:
                    self.value = self.function()
                    self.done = True
        return self.value


calls = []


def load():
    calls.append(1)
    time.sleep(0.05)
    return "loaded"


once = Once(load)
results = []
threads = [threading.Thread(target=lambda: results.append(once())) for _ in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(results, len(calls))
running = True
steps = 0


def loop():
    global steps
    while running:
        steps += 1
        time.sleep(0.01)


t = threading.Thread(target=loop)
t.start()
time.sleep(0.1)
running = False
t.join()
print(steps > 3, t.is_alive())


class Singleton:
    _instance = None
    _lock = threading.Lock()

    def __new__(cls):
        with cls._lock:
            if cls._instance is None:
                cls._instance = super().__new__(cls)
        return cls._instance


made = []
threads = [threading.Thread(target=lambda: made.append(Singleton())) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(set(map(id, made))))


@functools.lru_cache
def cached(n):
    return [n]


pair = []
threads = [threading.Thread(target=lambda: pair.append(cached(1))) for _ in range(2)]
for t in threads:
    t.start()
    t.join()
print(pair[0] is pair[1], cached.cache_info())
