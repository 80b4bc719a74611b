# /// lab
# title = "Two accounts, two locks"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

a_lock = threading.Lock()
b_lock = threading.Lock()

def transfer(first, second, pause):
    with first:                 # holds one ...
        time.sleep(pause)
        with second:            # ... and wants the other
            print("transferred")

# Each takes its own account first: both end up waiting for the other.
t1 = threading.Thread(target=transfer, args=(a_lock, b_lock, 0.010), name="A to B")
t2 = threading.Thread(target=transfer, args=(b_lock, a_lock, 0.010), name="B to A")
t1.start(); t2.start()
t1.join(); t2.join()
