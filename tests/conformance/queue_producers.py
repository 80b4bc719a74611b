# Producers and consumers with sentinels: every item arrives once, per-producer order is kept.
import queue
import threading
import time

q = queue.Queue(5)
received = []


def produce(name, count):
    for n in range(count):
        q.put((name, n))
        time.sleep(0.001)


def consume():
    while (item := q.get()) is not None:
        received.append(item)
    q.put(None)


producers = [threading.Thread(target=produce, args=(name, 20)) for name in "ab"]
consumers = [threading.Thread(target=consume) for _ in range(3)]
for t in producers + consumers:
    t.start()
for t in producers:
    t.join()
q.put(None)
for t in consumers:
    t.join()
print(len(received), len(set(received)), q.qsize())
print(sorted(received)[:3], sorted(received)[-1])
one = queue.Queue()


def pipeline(source, target, function):
    while (item := source.get()) is not None:
        target.put(function(item))
    target.put(None)


stages = [queue.Queue() for _ in range(4)]
functions = [lambda n: n + 1, lambda n: n * n, str]
threads = [threading.Thread(target=pipeline, args=(stages[i], stages[i + 1], f)) for i, f in enumerate(functions)]
for t in threads:
    t.start()
for n in range(6):
    stages[0].put(n)
stages[0].put(None)
out = []
while (item := stages[-1].get()) is not None:
    out.append(item)
print(out)
