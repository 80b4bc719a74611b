# /// lab
# title = "A hundred jobs for ten threads"
# python = "3.13"
# cores = 2
# ///
import threading
import time
from concurrent.futures import ThreadPoolExecutor

# submit() puts a job into the pool's queue and returns at once; ten threads take them. The with block waits for all.
# Look at: ten lanes, and the same thread with job after job. Change: max_workers, and see from when on more threads do not help.


def job(number):
    time.sleep(0.010)
    return number, threading.current_thread().name


start = time.perf_counter()
with ThreadPoolExecutor(max_workers=10) as pool:
    futures = [pool.submit(job, number) for number in range(100)]
    print("all submitted:", len(futures), "done so far:", sum(f.done() for f in futures))
results = [f.result() for f in futures]
seconds = time.perf_counter() - start
print(len(results), "jobs by", len({name for _, name in results}), f"threads in {seconds:.1f} s")
