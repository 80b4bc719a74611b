# /// lab
# title = "Until every job is done"
# python = "3.13"
# cores = 4
# ///
import queue
import threading
import time

# Two producers, three consumers. join() of a queue waits until task_done() was called for everything that was put; the consumers are
# daemons, so nobody has to end them.
# Look at: the depth of the queue. Change: leave task_done() out: join() never returns, and the report says so.

jobs = queue.Queue()
done = []


def produce(kind):
    for number in range(5):
        jobs.put((kind, number))
        time.sleep(0.002)


def consume():
    while True:
        job = jobs.get()
        time.sleep(0.006)
        done.append(job)
        jobs.task_done()


for name in ("C1", "C2", "C3"):
    threading.Thread(target=consume, name=name, daemon=True).start()
producers = [threading.Thread(target=produce, args=(kind,), name=kind) for kind in ("red", "blue")]
for t in producers:
    t.start()
for t in producers:
    t.join()
jobs.join()
print(len(done), "jobs done, nothing waits:", jobs.empty())
