# /// lab
# title = "Start and join"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

def boil(what, seconds):
    print(f"{what} on the stove")
    time.sleep(seconds)
    print(f"{what} ready")

eggs = threading.Thread(target=boil, args=("eggs", 0.030), name="eggs")
rice = threading.Thread(target=boil, args=("rice", 0.050), name="rice")

eggs.start()                    # returns at once: start() only waits until it runs
rice.start()
print("both started, table is being set")
time.sleep(0.010)

eggs.join()                     # waits until the thread is over
rice.join()
print("dinner is served")
