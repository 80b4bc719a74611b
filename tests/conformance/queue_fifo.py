# queue.Queue: order, bounds, time-outs, Full and Empty, task_done, join, unfinished tasks.
import queue
import threading
import time

q = queue.Queue(maxsize=2)
print(q.empty(), q.full(), q.qsize(), q.maxsize)
q.put("a")
q.put_nowait("b")
print(q.empty(), q.full(), q.qsize())
for action in (lambda: q.put_nowait("c"), lambda: q.put("c", False), lambda: q.put("c", timeout=0.05), lambda: q.put("c", timeout=-1)):
    try:
        action()
    except (queue.Full, ValueError) as error:
        print(type(error).__name__, error)
print(q.get(), q.get_nowait())
for action in (q.get_nowait, lambda: q.get(block=False), lambda: q.get(timeout=0.05), lambda: q.get(timeout=-1)):
    try:
        action()
    except (queue.Empty, ValueError) as error:
        print(type(error).__name__, error)
q.task_done()
q.task_done()
try:
    q.task_done()
except ValueError as error:
    print(error)
log = []


def worker():
    while True:
        item = q.get()
        if item is None:
            q.task_done()
            break
        time.sleep(0.05)
        log.append(item)
        q.task_done()


t = threading.Thread(target=worker)
t.start()
for n in range(5):
    q.put(n)
q.join()
print(log, q.unfinished_tasks)
q.put(None)
t.join()
blocked = []


def producer():
    for n in range(4):
        q.put(n)
        blocked.append(n)


p = threading.Thread(target=producer)
p.start()
time.sleep(0.1)
print("the producer is held back after", blocked)
print([q.get() for _ in range(4)])
p.join()
print(blocked)
