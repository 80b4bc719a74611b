# A generator shared by threads: locked access works, running it twice at once is an error.
import threading
import time


def numbers():
    n = 0
    while True:
        n += 1
        yield n


class Locked:
    def __init__(self, iterator):
        self.iterator, self.lock = iterator, threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            return next(self.iterator)


shared = Locked(numbers())
taken = []


def take(count):
    for _ in range(count):
        taken.append(next(shared))


threads = [threading.Thread(target=take, args=(50,)) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(taken) == list(range(1, 201)))


def slow():
    time.sleep(0.2)
    yield 1


g = slow()
t = threading.Thread(target=lambda: print("first", next(g)))
t.start()
time.sleep(0.05)
try:
    next(g)
except ValueError as error:
    print(error)
t.join()
