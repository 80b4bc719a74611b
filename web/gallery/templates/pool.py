# /// lab
# title = "My pool"
# python = "3.13"
# cores = 4
# ///
from concurrent.futures import ThreadPoolExecutor, as_completed
import time


def work(number):
    time.sleep(0.01 * number)
    return number * number


with ThreadPoolExecutor(max_workers=3) as pool:
    futures = [pool.submit(work, number) for number in range(6)]
    for future in as_completed(futures):
        print(future.result())
