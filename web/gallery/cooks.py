# /// lab
# title = "One cook, three cooks"
# python = "3.13t"
# cores = 3
# ///
import threading
import time

# Concurrency: one cook has three dishes on the go and is never idle while one of them is in the oven. Parallelism: three cooks chop at once.
# Waiting overlaps with a single core; chopping does not.
# Look at: the cores. Change: cores = 1 (one cook), then python = "3.13" (three cooks, one knife).


def chop(amount):
    while amount > 0:
        amount -= 1


def dish(name):
    chop(40_000)
    time.sleep(0.050)           # in the oven: needs no cook
    chop(10_000)
    finished.append(name)


finished = []
start = time.perf_counter()
for name in ("soup", "pie", "cake"):
    dish(name)
one_by_one = time.perf_counter() - start

start = time.perf_counter()
dishes = [threading.Thread(target=dish, args=(name,), name=name) for name in ("soup", "pie", "cake")]
for t in dishes:
    t.start()
for t in dishes:
    t.join()
together = time.perf_counter() - start
print(len(finished), "dishes; together takes", "a third" if together < 0.45 * one_by_one else "less", "of one by one")
