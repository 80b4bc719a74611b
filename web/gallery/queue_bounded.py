# /// lab
# title = "A bounded queue"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import queue
import threading
import time

jobs = queue.Queue(maxsize=2)   # a full queue slows the producer down

def produce():
    for number in range(8):
        jobs.put(number)
        time.sleep(0.002)

def consume(name):
    while True:
        number = jobs.get()
        time.sleep(0.012)       # the work
        print(f"{name} did job {number}")
        jobs.task_done()

for name in ("c1", "c2"):
    threading.Thread(target=consume, args=(name,), name=name, daemon=True).start()
producer = threading.Thread(target=produce, name="producer")
producer.start()
producer.join()
jobs.join()                     # until every job has been marked as done
print("all jobs are done")
