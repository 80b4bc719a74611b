# /// lab
# title = "A condition for the pantry"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

shelf = []
changed = threading.Condition()

def bake():
    for loaf in range(1, 6):
        time.sleep(0.012)
        with changed:
            shelf.append(loaf)
            changed.notify()    # somebody may be waiting for this

def eat(who, count):
    for _ in range(count):
        with changed:
            while not shelf:    # waiting lets go of the lock
                changed.wait()
            loaf = shelf.pop(0)
        print(f"{who} eats loaf {loaf}")
        time.sleep(0.008)

threads = [
    threading.Thread(target=bake, name="baker"),
    threading.Thread(target=eat, args=("ann", 3), name="ann"),
    threading.Thread(target=eat, args=("ben", 2), name="ben"),
]
for t in threads:
    t.start()
for t in threads:
    t.join()
