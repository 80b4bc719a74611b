# Tasklets with channels in the manner of Stackless, and a hub in the manner of gevent, both over greenlets; virtual time is exact.
import heapq
import time
from collections import deque
from greenlet import getcurrent, greenlet


class Scheduler:
    """Tasklets take turns; a channel hands a value from one to another and blocks until both are there."""

    def __init__(self):
        self.ready = deque()
        self.root = getcurrent()

    def tasklet(self, function, *args):
        self.ready.append((greenlet(function, self.root), args))

    def schedule(self):
        self.ready.append((getcurrent(), ()))
        self.block()

    def block(self):
        return self.root.switch()

    def run(self):
        while self.ready:
            task, args = self.ready.popleft()
            task.switch(*args)


class Channel:
    def __init__(self, scheduler):
        self.scheduler, self.senders, self.receivers = scheduler, deque(), deque()

    def send(self, value):
        if self.receivers:
            self.scheduler.ready.append((self.receivers.popleft(), (value,)))
            self.scheduler.schedule()
        else:
            self.senders.append((getcurrent(), value))
            self.scheduler.block()

    def receive(self):
        if self.senders:
            sender, value = self.senders.popleft()
            self.scheduler.ready.append((sender, ()))
            return value
        self.receivers.append(getcurrent())
        return self.scheduler.block()


def sieve():
    """The primes below 60, one tasklet for each."""
    scheduler, found = Scheduler(), []

    def numbers(out):
        for n in range(2, 60):
            out.send(n)
        out.send(None)

    def keep(source):
        prime = source.receive()
        if prime is None:
            return
        found.append(prime)
        out = Channel(scheduler)
        scheduler.tasklet(keep, out)
        while (n := source.receive()) is not None:
            if n % prime:
                out.send(n)
        out.send(None)

    source = Channel(scheduler)
    scheduler.tasklet(numbers, source)
    scheduler.tasklet(keep, source)
    scheduler.run()
    return found


print(*sieve())


class Hub(greenlet):
    """Runs whoever is due, sleeps until somebody is."""

    def __init__(self):
        super().__init__()
        self.timers, self.count, self.began = [], 0, time.monotonic()

    def at(self, delay, g, *args):
        self.count += 1
        heapq.heappush(self.timers, (time.monotonic() + delay, self.count, g, args))

    def run(self):
        while self.timers:
            due, _, g, args = heapq.heappop(self.timers)
            time.sleep(max(0, due - time.monotonic()))
            g.switch(*args)

    def sleep(self, delay):
        self.at(delay, getcurrent())
        self.switch()

    def spawn(self, function, *args):
        g = greenlet(function, self)
        self.at(0, g, *args)
        return g

    def clock(self):
        return round(time.monotonic() - self.began, 2)


hub = Hub()


def worker(name, delay, times):
    for i in range(times):
        hub.sleep(delay)
        print(f'{hub.clock():.2f} {name} {i}')
    if name == 'slow':
        impatient.throw(TimeoutError('too late'))


def patient():
    try:
        hub.sleep(60)
    except TimeoutError as e:
        print(f'{hub.clock():.2f} {e}')
        hub.sleep(0.05)
        print(f'{hub.clock():.2f} cleaned up')


hub.spawn(worker, 'quick', 0.1, 5)
hub.spawn(worker, 'slow', 0.25, 2)
impatient = hub.spawn(patient)
hub.switch()
print(hub.dead, hub.clock())

# Ten thousand at once, each with a stack of its own.
tasks = []


def counts(start):
    total = start
    while True:
        total += getcurrent().parent.switch(total)


for start in range(10_000):
    task = greenlet(counts)
    task.switch(start)
    tasks.append(task)
print(sum(task.switch(1) for task in tasks), sum(task.switch(1) for task in reversed(tasks)))
print(len({type(task.throw()) for task in tasks}), all(task.dead for task in tasks))
# A ring: each has the next one as its parent, the result travels all the way.
ring = getcurrent()
for _ in range(1_000):
    ring = greenlet(lambda n: n + 1, ring)
print(ring.switch(0))
