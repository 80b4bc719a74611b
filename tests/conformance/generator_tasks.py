# Generators as tasks: a round-robin scheduler with a deque, messages and waiting.
from collections import deque


def countdown(n):
    while n > 0:
        yield
        print(n, end=" ")
        n -= 1


tasks = deque(countdown(n) for n in (10, 5, 15))
while tasks:
    task = tasks.popleft()
    try:
        next(task)
        tasks.append(task)
    except StopIteration:
        pass
print()


class Scheduler:
    def __init__(self):
        self.ready, self.waiting, self.mail, self.log = deque(), {}, {}, []

    def spawn(self, name, generator):
        self.ready.append((name, generator, None))

    def run(self):
        while self.ready:
            name, generator, value = self.ready.popleft()
            try:
                kind, *args = generator.send(value)
            except StopIteration as stop:
                self.log.append((name, "ended", stop.value))
                continue
            if kind == "send":
                to, message = args
                if to in self.waiting:
                    self.ready.append((to, self.waiting.pop(to), message))
                else:
                    self.mail.setdefault(to, deque()).append(message)
                self.ready.append((name, generator, None))
            elif kind == "receive":
                if self.mail.get(name):
                    self.ready.append((name, generator, self.mail[name].popleft()))
                else:
                    self.waiting[name] = generator
            elif kind == "spawn":
                self.spawn(*args)
                self.ready.append((name, generator, None))


def ping(count):
    for n in range(count):
        yield "send", "pong", n
        reply = yield ("receive",)
        print("ping got", reply)
    yield "send", "pong", None
    return count


def pong():
    total = 0
    while (message := (yield ("receive",))) is not None:
        total += message
        yield "send", "ping", total
    return total


s = Scheduler()
s.spawn("pong", pong())
s.spawn("ping", ping(4))
s.run()
print(s.log)
