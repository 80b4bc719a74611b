# /// lab
# title = "A pool of threads"
# python = "3.13"
# cores = 4
# seed = 1
# ///
from concurrent.futures import ThreadPoolExecutor, as_completed
import time

def fetch(page):
    time.sleep(0.010 + 0.006 * (page % 4))
    return page * page

# Twelve pages, three threads: the next page starts when one is free.
with ThreadPoolExecutor(max_workers=3, thread_name_prefix="pool") as pool:
    pending = {pool.submit(fetch, page): page for page in range(12)}
    for future in as_completed(pending):
        print(f"page {pending[future]:2}: {future.result()}")

with ThreadPoolExecutor(max_workers=3) as pool:
    print(list(pool.map(fetch, range(6))))      # in order, whoever was first
