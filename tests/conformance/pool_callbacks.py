# Callbacks of futures: order, the thread that runs them, chains.
import threading
import time
from concurrent.futures import ThreadPoolExecutor

log = []
with ThreadPoolExecutor(1, thread_name_prefix="w") as pool:
    f = pool.submit(time.sleep, 0.05)
    for n in range(3):
        f.add_done_callback(lambda f, n=n: log.append((n, threading.current_thread().name)))
print(log)


def chain(pool, value, rest):
    if not rest:
        print("chain gives", value)
        done.set()
        return
    pool.submit(rest[0], value).add_done_callback(lambda f: chain(pool, f.result(), rest[1:]))


done = threading.Event()
with ThreadPoolExecutor(2) as pool:
    chain(pool, 1, [lambda n: n + 1, lambda n: n * 10, str])
    done.wait()


def quick(n):
    return n


with ThreadPoolExecutor(4) as pool:
    futures = [pool.submit(quick, n) for n in range(10)]
    print(sum(f.result() for f in futures), all(f.done() for f in futures))
