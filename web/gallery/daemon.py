# /// lab
# title = "Daemons at exit"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

def heartbeat():
    beat = 0
    while True:                 # never ends by itself
        beat += 1
        print(f"beat {beat}")
        time.sleep(0.010)

def work():
    time.sleep(0.035)
    print("work is done")

# A daemon thread does not keep the program alive: when the last ordinary
# thread has ended, it is cut off wherever it is.
threading.Thread(target=heartbeat, name="heart", daemon=True).start()
worker = threading.Thread(target=work, name="work")
worker.start()
time.sleep(0.005)
print("the main thread ends; Python waits for", worker.name)
