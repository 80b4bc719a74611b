# Whatever could differ from run to run in a real Python: ids, hashes, set order, addresses, random numbers, clocks.
import random
import threading
import time


class Thing:
    pass


things = [Thing() for _ in range(5)]
print(things[0], [id(t) % 4096 for t in things], hash("text"), hash(things[1]))
print({"a", "b", "c", "long text", 1.5, None}, object(), lambda: 0, threading.Lock())
print(random.random(), time.time(), time.perf_counter(), threading.get_ident())
print(sorted(things, key=id)[0] is things[0], {t: n for n, t in enumerate(set(things))}.values())
