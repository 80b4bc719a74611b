# /// lab
# cores = 3
# ///
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def work(n):
    time.sleep(0.001 * (n % 4))
    return sum(i * i for i in range(200 * n))


with ThreadPoolExecutor(4) as pool:
    futures = [pool.submit(work, n) for n in range(12)]
    print([f.result() for f in as_completed(futures)])
