# /// lab
# title = "Pool: map, starmap, imap"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: map and starmap come back with everything; imap gives each result as soon as its turn has come; imap_unordered as soon as any is
# there. Without a chunk size map cuts the work into four pieces for each worker.
# Change: chunksize=1 in map: more messages. Pool(4) with cores = 4.
import time
from multiprocessing import Pool

def square(x):
    time.sleep(0.01 * (4 - x % 4))
    return x * x

def multiply(x, y):
    return x * y

def arrivals(what, results):
    seen = [(result, time.perf_counter()) for result in results]
    spread = seen[-1][1] - seen[0][1]
    print(f"{what}: {[result for result, _ in seen]},", "one after the other" if spread > 0.005 else "all at once")

if __name__ == "__main__":
    with Pool(2) as pool:
        pool.map(abs, range(4))             # both workers are up now
        for what, call in (("map", pool.map), ("imap", pool.imap), ("imap_unordered", pool.imap_unordered)):
            arrivals(what, call(square, range(4)))
        print("starmap:", pool.starmap(multiply, zip((1, 2, 3), (9, -5, -9))))
