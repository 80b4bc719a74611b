# What can be done with locks as objects: truth, attributes, use as keys, with and exceptions, wrong releases.
import threading

lock, rlock = threading.Lock(), threading.RLock()
print(bool(lock), {lock: 1}[lock], lock == threading.Lock(), lock != rlock, callable(threading.RLock))
for name in ("acquire", "release", "__enter__", "__exit__"):
    print(name, hasattr(lock, name), hasattr(rlock, name))
for action in (lambda: setattr(lock, "x", 1), lambda: threading.Lock(1), lambda: lock.acquire(1, 2, 3), lambda: lock.acquire(bad=1)):
    try:
        print(action())
    except (AttributeError, TypeError) as error:
        print(type(error).__name__)


def nested(level):
    with rlock:
        return level if level == 5 else nested(level + 1)


print(nested(0))


def generator():
    with lock:
        yield "inside"
        yield "still"


g = generator()
print(next(g), lock.locked())
g.close()
print(lock.locked())
condition = threading.Condition(rlock)
with condition, rlock:
    print(rlock.acquire(blocking=False))
    rlock.release()
print(condition.acquire(False))
condition.release()


class Guarded:
    """A decorator that makes methods exclusive."""

    def __init__(self):
        self._lock = threading.RLock()
        self.value = 0

    @staticmethod
    def exclusive(method):
        def wrapper(self, *args):
            with self._lock:
                return method(self, *args)
        return wrapper

    @exclusive
    def add(self, n):
        self.value += n
        if n > 1:
            self.add(n - 1)

    exclusive = staticmethod(exclusive)


guarded = Guarded()
threads = [threading.Thread(target=guarded.add, args=(10,)) for _ in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(guarded.value)
