# Timers: equal deadlines in the order of the heap, cancelled ones, call_at and call_later mixed with ready callbacks.
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()
    said = []
    for i in range(6):
        loop.call_at(start + 0.1, said.append, i)
    await asyncio.sleep(0.2)
    print(sorted(said), said[0])
    said.clear()
    # Deadlines in another order than the calls.
    for delay in (0.3, 0.1, 0.2, 0.15):
        loop.call_at(start + 1 + delay, said.append, delay)
    handle = loop.call_at(start + 1.12, said.append, 'cancelled')
    handle.cancel()
    print(handle.cancelled(), handle.when() == start + 1.12)
    await asyncio.sleep(1.2)
    print(said)
    said.clear()

    def again(n):
        said.append(n)
        if n:
            loop.call_soon(again, n - 1)

    loop.call_soon(again, 3)
    loop.call_later(0, said.append, 'later 0')
    loop.call_soon(said.append, 'soon')
    await asyncio.sleep(0.1)
    print(said)
    said.clear()

    async def ticker(name, delay, n):
        for i in range(n):
            await asyncio.sleep(delay)
            said.append(f'{name}{i}')

    await asyncio.gather(ticker('a', 0.1, 5), ticker('b', 0.25, 2), ticker('c', 0.16, 3))
    print(*said)
    said.clear()
    # A blocking callback makes everything late: all that is due runs in one iteration, by deadline.
    import time
    base = loop.time()
    for i in (3, 1, 2):
        loop.call_at(base + i / 100, said.append, i)
    loop.call_soon(time.sleep, 0.1)
    loop.call_later(0.2, said.append, 'end')
    await asyncio.sleep(0.3)
    print(*said)
    # More than half of many timers cancelled: the heap is rebuilt.
    handles = [loop.call_later(100 + i, print, 'never') for i in range(150)]
    for h in handles[:120]:
        h.cancel()
    await asyncio.sleep(0)
    print(len(loop._scheduled))
    for h in handles:
        h.cancel()


asyncio.run(main())
