# Exceptions in threads: kept and raised in the joiner, groups of several, finally blocks in daemon-free threads.
import threading


class Task(threading.Thread):
    def __init__(self, function, *args):
        super().__init__()
        self.function, self.args, self.error, self.value = function, args, None, None

    def run(self):
        try:
            self.value = self.function(*self.args)
        except Exception as error:
            self.error = error
        finally:
            log.append(f"finally {self.args}")

    def result(self):
        self.join()
        if self.error:
            raise self.error
        return self.value


log = []
tasks = [Task(lambda n: 10 / n, n) for n in (1, 0, 5)]
for t in tasks:
    t.start()
errors = []
for t in tasks:
    try:
        print(t.result())
    except ZeroDivisionError as error:
        errors.append(error)
        print("task failed:", error)
print(sorted(log))
many = [Task(int, text) for text in ("1", "x", "2", "y")]
for t in many:
    t.start()
for t in many:
    t.join()
try:
    failed = [t.error for t in many if t.error]
    if failed:
        raise ExceptionGroup("tasks failed", failed)
except* ValueError as group:
    print(len(group.exceptions), [str(e) for e in group.exceptions])
