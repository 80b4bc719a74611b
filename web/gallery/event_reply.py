# /// lab
# title = "An event that says: done"
# python = "3.13"
# cores = 2
# ///
import queue
import threading
import time

# Whoever sends a job sends an event with it and can wait for just this one, while the worker goes on with others.
# Look at: the dotted arrow from set() to the one who waits. Change: wait(timeout=0.005), and look at what it returns.

jobs = queue.Queue()


def work():
    while True:
        text, result, finished = jobs.get()
        time.sleep(0.010)
        result.append(text.upper())
        finished.set()


def ask(text):
    result, finished = [], threading.Event()
    jobs.put((text, result, finished))
    finished.wait()
    return result[0]


threading.Thread(target=work, name="worker", daemon=True).start()
print(ask("hello"), ask("world"))
