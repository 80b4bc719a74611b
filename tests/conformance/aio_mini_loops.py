# Schedulers without asyncio: generators and a deque, coroutines with a heap of timers, and an event loop over selectors.
import heapq
import selectors
import socket
import time
import types
from collections import deque


# Round robin over generators, with calls of sub-generators on a stack of one's own (a trampoline).
class Trampoline:
    def __init__(self):
        self.ready = deque()

    def spawn(self, generator):
        self.ready.append(([generator], None))

    def run(self):
        while self.ready:
            stack, value = self.ready.popleft()
            try:
                got = stack[-1].send(value)
            except StopIteration as e:
                stack.pop()
                if stack:
                    self.ready.append((stack, e.value))
            else:
                if isinstance(got, types.GeneratorType):
                    stack.append(got)
                    got = None
                self.ready.append((stack, got))


def factorial(n):
    return 1 if n < 2 else n * (yield factorial(n - 1))


def job(name, n):
    for i in range(n):
        yield
        print(name, i)
    print(name, (yield factorial(n + 3)))


t = Trampoline()
for name, n in (('a', 2), ('b', 3), ('c', 1)):
    t.spawn(job(name, n))
t.run()


@types.coroutine
def trap(*request):
    return (yield request)


class Loop:
    """Coroutines that sleep, wait for sockets, start and join each other."""

    def __init__(self):
        self.ready, self.timers, self.count = deque(), [], 0
        self.selector = selectors.DefaultSelector()
        self.joining, self.results, self.live = {}, {}, 0

    def spawn(self, coroutine):
        self.live += 1
        self.ready.append((coroutine, None))
        return coroutine

    def run(self):
        while self.live:
            delay = 0 if self.ready else None
            if self.timers and delay is None:
                delay = max(0, self.timers[0][0] - time.monotonic())
            if self.selector.get_map() or delay:
                for key, _ in self.selector.select(delay):
                    self.selector.unregister(key.fileobj)
                    self.ready.append((key.data, None))
            while self.timers and self.timers[0][0] <= time.monotonic():
                self.ready.append((heapq.heappop(self.timers)[2], None))
            for _ in range(len(self.ready)):
                self.step(*self.ready.popleft())

    def step(self, coroutine, value):
        try:
            kind, *args = coroutine.send(value)
        except StopIteration as e:
            self.live -= 1
            self.results[coroutine] = e.value
            for waiter in self.joining.pop(coroutine, ()):
                self.ready.append((waiter, e.value))
            return
        getattr(self, kind)(coroutine, *args)

    def sleep(self, coroutine, seconds):
        self.count += 1
        heapq.heappush(self.timers, (time.monotonic() + seconds, self.count, coroutine))

    def readable(self, coroutine, sock):
        self.selector.register(sock, selectors.EVENT_READ, coroutine)

    def writable(self, coroutine, sock):
        self.selector.register(sock, selectors.EVENT_WRITE, coroutine)

    def join(self, coroutine, other):
        if other in self.results:
            self.ready.append((coroutine, self.results[other]))
        else:
            self.joining.setdefault(other, []).append(coroutine)


loop = Loop()


async def ticks(name, delay, n):
    for i in range(n):
        await trap('sleep', delay)
        print(name, i)
    return name


async def serve(listener, n):
    handlers = []
    for _ in range(n):
        await trap('readable', listener)
        conn, _ = listener.accept()
        handlers.append(loop.spawn(handle(conn)))
    print('served', sum([await trap('join', h) for h in handlers]))


async def handle(conn):
    total = 0
    with conn:
        while True:
            await trap('readable', conn)
            data = conn.recv(100)
            if not data:
                return total
            total += len(data)
            await trap('writable', conn)
            conn.sendall(data.upper())


async def talk(address, words):
    got = []
    with socket.create_connection(address) as s:
        for word in words:
            s.sendall(word)
            await trap('readable', s)
            got.append(s.recv(100))
            await trap('sleep', 0.1)
    return got


async def main():
    a, b = loop.spawn(ticks('slow', 0.25, 2)), loop.spawn(ticks('quick', 0.1, 4))
    print(await trap('join', a), await trap('join', b))
    with socket.create_server(('127.0.0.1', 0)) as listener:
        server = loop.spawn(serve(listener, 3))
        clients = [loop.spawn(talk(listener.getsockname(), [w, w * 2])) for w in (b'x', b'yy', b'zzz')]
        for c in clients:
            print(await trap('join', c))
        await trap('join', server)


loop.spawn(main())
loop.run()
