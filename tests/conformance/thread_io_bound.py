# Three slow requests in sequence and in threads: the waiting adds up or overlaps.
import threading
import time
from concurrent.futures import ThreadPoolExecutor

SITES = {"python": 0.1, "rust": 0.2, "web": 0.15}


def fetch(name):
    time.sleep(SITES[name])
    return f"{name}: {len(name)} bytes"


def timed(label, action):
    start = time.perf_counter()
    result = action()
    elapsed = time.perf_counter() - start
    print(label, result, "about", round(elapsed / 0.05) * 50, "ms")


timed("sequence", lambda: [fetch(name) for name in SITES])


def threads():
    results = {}
    workers = [threading.Thread(target=lambda name=name: results.update({name: fetch(name)})) for name in SITES]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return [results[name] for name in SITES]


timed("threads", threads)


def pool():
    with ThreadPoolExecutor(3) as executor:
        return list(executor.map(fetch, SITES))


timed("pool", pool)
