# A readers-writer lock and a bounded buffer built from conditions.
import threading
import time


class ReadWrite:
    def __init__(self):
        self.condition = threading.Condition()
        self.readers = 0
        self.writing = False

    def read(self, log, name):
        with self.condition:
            self.condition.wait_for(lambda: not self.writing)
            self.readers += 1
        log.append(f"r{name}+")
        time.sleep(0.1)
        log.append(f"r{name}-")
        with self.condition:
            self.readers -= 1
            self.condition.notify_all()

    def write(self, log):
        with self.condition:
            self.condition.wait_for(lambda: not self.writing and not self.readers)
            self.writing = True
        log.append("w+")
        time.sleep(0.1)
        log.append("w-")
        with self.condition:
            self.writing = False
            self.condition.notify_all()


lock, log = ReadWrite(), []
threads = [
    threading.Thread(target=lock.read, args=(log, 1)),
    threading.Thread(target=lock.read, args=(log, 2)),
    threading.Thread(target=lock.write, args=(log,)),
    threading.Thread(target=lock.read, args=(log, 3)),
]
for t, pause in zip(threads, (0.02, 0.03, 0.1, 0)):
    t.start()
    time.sleep(pause)
for t in threads:
    t.join()
print(log)


class Buffer:
    def __init__(self, size):
        self.items, self.size = [], size
        self.lock = threading.Lock()
        self.not_empty = threading.Condition(self.lock)
        self.not_full = threading.Condition(self.lock)

    def put(self, item):
        with self.not_full:
            while len(self.items) >= self.size:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def get(self):
        with self.not_empty:
            while not self.items:
                self.not_empty.wait()
            item = self.items.pop(0)
            self.not_full.notify()
            return item


buffer = Buffer(2)
out = []
p = threading.Thread(target=lambda: [buffer.put(n) for n in range(10)])
c = threading.Thread(target=lambda: out.extend(buffer.get() for _ in range(10)))
p.start()
c.start()
p.join()
c.join()
print(out)
