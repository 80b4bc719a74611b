# /// lab
# title = "apply_async with a callback"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: callbacks run in the parent, in the pool's thread that takes the results, in the order in which they come back.
# Change: let a callback sleep: all other results wait. Add error_callback and let formatter raise.
import threading
from multiprocessing import Pool

def formatter(a, b):
    return f"{a} {b}"

def callback(text):
    seen.append(text)
    threads.add(threading.current_thread() is threading.main_thread())

if __name__ == "__main__":
    seen, threads = [], set()
    with Pool(processes=4) as pool:
        for i in range(20):
            pool.apply_async(formatter, ("Hello", i), callback=callback)
        print("all asked for")
        pool.close()
        pool.join()
    print(len(seen), "answers, among them", min(seen), "and", max(seen))
    print("in the main thread:", threads)
