# /// lab
# title = "A shared counter"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

# Read, think, write: whoever reads before the other has written loses an
# update. Fifty increments are made, fewer arrive.
counter = 0

def increment(times, pause):
    global counter
    for _ in range(times):
        seen = counter
        time.sleep(pause)       # between reading and writing, the other one runs
        counter = seen + 1

a = threading.Thread(target=increment, args=(25, 0.0010), name="A")
b = threading.Thread(target=increment, args=(25, 0.0013), name="B")
a.start(); b.start()
a.join(); b.join()
print(f"expected 50, got {counter}: {50 - counter} updates were lost")
