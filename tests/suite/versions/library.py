# The rules of the library that follow the version of Python: start method, workers of an executor.
from concurrent.futures import ThreadPoolExecutor
import multiprocessing
import time

print(multiprocessing.get_start_method(), multiprocessing.get_context()._name, *multiprocessing.get_all_start_methods())

# Tasks one after the other: does each get a thread of its own?
with ThreadPoolExecutor() as executor:
    for _ in range(8):
        executor.submit(time.sleep, 0.001).result()
        time.sleep(0.001)
    print(executor._max_workers, len(executor._threads))

# Two workers, four tasks: how many workers count as idle at the end?
with ThreadPoolExecutor(2) as executor:
    for future in [executor.submit(time.sleep, 0.001) for _ in range(4)]:
        future.result()
    time.sleep(0.001)
    print(executor._idle_semaphore._value)
