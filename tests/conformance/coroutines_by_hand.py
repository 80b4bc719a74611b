# Coroutines without a loop: await, send, async with, async for, async generators, a tiny scheduler.
from collections import deque


class Switch:
    def __await__(self):
        got = yield "switch"
        return got


async def child(n):
    got = await Switch()
    return n * 2, got


async def parent():
    print("start")
    a = await child(1)
    b = await child(2)
    return a, b


c = parent()
print(c.send(None), c.send("x"))
try:
    c.send("y")
except StopIteration as stop:
    print(stop.value)
print(type(c).__name__, c.cr_frame, parent.__name__)


class Manager:
    async def __aenter__(self):
        await Switch()
        print("enter")
        return "value"

    async def __aexit__(self, kind, value, trace):
        await Switch()
        print("exit", kind and kind.__name__)
        return True


class Counter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        await Switch()
        return self.n


async def agen():
    try:
        for n in range(3):
            got = yield n
            if got:
                print("got", got)
            await Switch()
    finally:
        print("agen closed")


async def main():
    async with Manager() as m:
        print(m)
        raise ValueError
    print([n async for n in Counter(3)])
    async for n in agen():
        print("n", n)
    else:
        print("else")
    g = agen()
    print(await g.asend(None), await g.asend("hello"))
    await g.aclose()
    print({n: await child(n) async for n in Counter(2) if n})


def run(*coroutines):
    ready = deque(coroutines)
    steps = 0
    while ready:
        coroutine = ready.popleft()
        try:
            coroutine.send(None)
            steps += 1
            ready.append(coroutine)
        except StopIteration:
            pass
    return steps


print(run(main()))


async def task(name, n):
    while n:
        print(name, n)
        n -= 1
        await Switch()


print(run(task("a", 2), task("b", 3)))
t = task("closed", 1)
t.send(None)
t.close()
unused = task("x", 1)
for action in (lambda: t.send(None), lambda: next(unused), lambda: iter(unused)):
    try:
        action()
    except (RuntimeError, TypeError) as error:
        print(type(error).__name__, error)
unused.close()


async def thrown():
    try:
        await Switch()
    except KeyError as error:
        return f"caught {error}"


t = thrown()
t.send(None)
try:
    t.throw(KeyError("k"))
except StopIteration as stop:
    print(stop.value)
