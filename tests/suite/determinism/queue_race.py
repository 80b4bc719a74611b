# /// lab
# cores = 2
# ///
import queue
import threading

q = queue.Queue(3)
log = []


def produce(name):
    for n in range(30):
        q.put((name, n))
    q.put(None)


def consume(name):
    while (item := q.get()) is not None:
        log.append((name, item))


threads = [threading.Thread(target=produce, args=(p,)) for p in "xyz"] + [threading.Thread(target=consume, args=(c,)) for c in "abc"]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(log)
