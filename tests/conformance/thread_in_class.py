# A service object with its own worker thread: start, stop, context manager, a bounded log.
import queue
import threading
import time


class Logger:
    def __init__(self, capacity):
        self.inbox = queue.Queue(capacity)
        self.lines = []
        self.thread = threading.Thread(target=self._run, name="logger")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, value, trace):
        self.inbox.put(None)
        self.thread.join()
        return kind is KeyError

    def _run(self):
        while (line := self.inbox.get()) is not None:
            self.lines.append(f"{len(self.lines)}: {line}")
            time.sleep(0.005)

    def log(self, text):
        self.inbox.put(text)


with Logger(2) as logger:
    for word in "the quick brown fox".split():
        logger.log(word)
    print("alive", logger.thread.is_alive())
print(logger.lines, logger.thread.is_alive())
with Logger(1) as logger:
    logger.log("before the error")
    raise KeyError("swallowed")
print(logger.lines)


class Periodic(threading.Thread):
    def __init__(self, interval, action):
        super().__init__()
        self.interval, self.action = interval, action
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.wait(self.interval):
            self.action()

    def stop(self):
        self.stopped.set()
        self.join()


beats = []
p = Periodic(0.1, lambda: beats.append("beat"))
p.start()
time.sleep(0.35)
p.stop()
print(beats, p.is_alive())
