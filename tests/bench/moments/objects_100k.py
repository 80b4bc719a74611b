# /// lab
# title = "A hundred million bytecodes beside 100_000 objects"
# cores = 2
# ///
import threading

heap = [[i] for i in range(100_000)]

def count(most):
    i = 0
    while i < most:
        i += 1

threads = [threading.Thread(target=count, args=(8_000_000,), name=name) for name in "AB"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
