# LifoQueue, PriorityQueue, SimpleQueue.
import queue
import threading
import time

lifo = queue.LifoQueue()
for n in range(3):
    lifo.put(n)
print([lifo.get() for _ in range(3)])
priority = queue.PriorityQueue()
for item in [(3, "c"), (1, "a"), (2, "b"), (1, "A")]:
    priority.put(item)
print([priority.get() for _ in range(4)])
priority.put((1, {}))
try:
    priority.put((1, {}))
except TypeError as error:
    print(error)
simple = queue.SimpleQueue()
print(simple.empty(), simple.qsize(), simple.put(1), simple.put_nowait(2), simple.get(), simple.get_nowait())
for action in (simple.get_nowait, lambda: simple.get(timeout=0.05), lambda: simple.get(False), lambda: simple.get(timeout=-1)):
    try:
        action()
    except (queue.Empty, ValueError) as error:
        print(type(error).__name__, error)
results = []


def consumer():
    results.append(simple.get())
    results.append(simple.get(timeout=1))


t = threading.Thread(target=consumer)
t.start()
time.sleep(0.05)
simple.put("first")
time.sleep(0.05)
simple.put("second")
t.join()
print(results)
unbounded = queue.Queue(-1)
for n in range(100):
    unbounded.put(n)
print(unbounded.qsize(), unbounded.full())


class Unique(queue.Queue):
    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        if item not in self.queue:
            self.queue.append(item)

    def _get(self):
        return self.queue.pop(0)


u = Unique()
for item in "abca":
    u.put(item)
print(u.qsize(), u.get())
