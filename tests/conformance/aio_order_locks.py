# Locks, conditions, semaphores, events and barriers: who gets what next, fairness, and cancelled waiters.
import asyncio


async def main():
    print('- lock: first come, first served, and no overtaking')
    lock = asyncio.Lock()

    async def holder(name, n):
        for i in range(n):
            async with lock:
                print(name, i)
                await asyncio.sleep(0)

    await asyncio.gather(holder('a', 2), holder('b', 2), holder('c', 1))
    print('- a cancelled waiter leaves the queue')
    await lock.acquire()
    ws = [asyncio.create_task(holder(n, 1)) for n in 'xyz']
    await asyncio.sleep(0)
    ws[0].cancel()
    ws[2].cancel()
    lock.release()
    print([type(r).__name__ for r in await asyncio.gather(*ws, return_exceptions=True)], lock.locked())
    print('- semaphore')
    sem = asyncio.Semaphore(2)
    running = 0

    async def limited(i):
        nonlocal running
        async with sem:
            running += 1
            print('in', i, running)
            await asyncio.sleep(0.1 * (i % 3 + 1))
            running -= 1

    await asyncio.gather(*(limited(i) for i in range(6)))
    bounded = asyncio.BoundedSemaphore(1)
    try:
        bounded.release()
    except ValueError as e:
        print(e)
    print('- condition')
    cond, items = asyncio.Condition(), []

    async def consumer(name):
        async with cond:
            await cond.wait_for(lambda: items)
            print(name, 'takes', items.pop(0))

    cs = [asyncio.create_task(consumer(n)) for n in 'pqr']
    await asyncio.sleep(0)
    async with cond:
        items += [1, 2]
        cond.notify(1)
    await asyncio.sleep(0.1)
    async with cond:
        items.append(3)
        cond.notify_all()
    await asyncio.gather(*cs)
    print('- event')
    event = asyncio.Event()

    async def waits(n):
        await event.wait()
        print('event', n, event.is_set())

    ws = [asyncio.create_task(waits(n)) for n in range(3)]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    await asyncio.gather(*ws)
    print('- barrier')
    barrier = asyncio.Barrier(3)

    async def meets(n):
        await asyncio.sleep(n / 10)
        position = await barrier.wait()
        print('passed', n, position)

    await asyncio.gather(*(meets(n) for n in range(3)))

    async def breaks():
        try:
            await barrier.wait()
        except asyncio.BrokenBarrierError:
            print('broken')

    b = [asyncio.create_task(breaks()) for _ in range(2)]
    await asyncio.sleep(0)
    await barrier.abort()
    await asyncio.gather(*b)


asyncio.run(main())
