# /// lab
# title = "An event starts them all"
# python = "3.13"
# cores = 4
# seed = 1
# ///
import threading
import time

ready = threading.Event()
table = {}

def worker(number):
    ready.wait()                # everybody waits for the set-up
    time.sleep(0.004 * number)
    print(f"worker {number} uses {table['size']} rows")

def prepare():
    time.sleep(0.020)
    table["size"] = 100
    ready.set()                 # wakes all of them at once

workers = [threading.Thread(target=worker, args=(i,), name=f"W{i}") for i in range(1, 5)]
for w in workers:
    w.start()
threading.Thread(target=prepare, name="setup").start()
for w in workers:
    w.join()
