# threading.local: own values for each thread, subclass with __init__, deletion, dict.
import threading

data = threading.local()
data.value = "main"
seen = []


def work(n):
    seen.append(hasattr(data, "value"))
    data.value = n
    data.square = n * n
    seen.append(sorted(vars(data).items()))


for n in (1, 2):
    t = threading.Thread(target=work, args=(n,))
    t.start()
    t.join()
print(seen, data.value, hasattr(data, "square"))
del data.value
try:
    data.value
except AttributeError as error:
    print(type(error).__name__, error.name)


class Counter(threading.local):
    start = 10

    def __init__(self, by):
        print("init in", threading.current_thread().name)
        self.by = by
        self.count = self.start

    def step(self):
        self.count += self.by
        return self.count


c = Counter(5)
print(c.step(), c.step())
t = threading.Thread(target=lambda: print("other", c.step(), c.by), name="T")
t.start()
t.join()
print(c.step())
try:
    threading.local(1)
except TypeError as error:
    print(error)


class Slotted(threading.local):
    __slots__ = ("shared",)


s = Slotted()
s.shared = 1
t = threading.Thread(target=lambda: (setattr(s, "shared", 2), setattr(s, "own", 3)))
t.start()
t.join()
print(s.shared, hasattr(s, "own"))
