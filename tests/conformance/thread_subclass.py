# A subclass with run, results kept in attributes.
import threading
import time


class Countdown(threading.Thread):
    def __init__(self, count):
        super().__init__(name=f"countdown from {count}")
        self.count = count
        self.seen = []

    def run(self):
        while self.count > 0:
            self.seen.append(self.count)
            self.count -= 1
            time.sleep(0.05)
        self.result = len(self.seen)


threads = [Countdown(n) for n in (3, 5, 1)]
for t in threads:
    t.start()
for t in threads:
    t.join()
    print(t.name, t.seen, t.result)


class WithResult(threading.Thread):
    _result = None

    def run(self):
        try:
            if self._target is not None:
                self._result = self._target(*self._args, **self._kwargs)
        finally:
            del self._target, self._args, self._kwargs

    def join(self, timeout=None):
        super().join(timeout)
        return self._result


t = WithResult(target=pow, args=(2, 10))
t.start()
print(t.join())
