# /// lab
# title = "Waiting is free"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import threading
import time

# Ten downloads of 100 ms each: one after the other they take a second.
# A thread that waits needs neither the GIL nor a core.

def download(number):
    time.sleep(0.010 * number)              # the server thinks
    page = ["x"] * 2_000                    # the answer is turned into objects
    time.sleep(0.100 - 0.010 * number)      # the rest arrives
    sizes[number] = len(page)

sizes = {}
start = time.perf_counter()
threads = [threading.Thread(target=download, args=(i,), name=f"D{i}") for i in range(10)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(f"{len(sizes)} pages in {time.perf_counter() - start:.2f} s on one core")
