# Queues: back-pressure, priorities, join, shutdown (3.13), and the order in which waiters are served.
import asyncio


async def main():
    q = asyncio.Queue(maxsize=2)

    async def producer():
        for i in range(5):
            await q.put(i)
            print('put', i, q.qsize(), q.full())
        await q.put(None)

    async def consumer():
        while (item := await q.get()) is not None:
            print('got', item)
            await asyncio.sleep(0.1)
            q.task_done()
        q.task_done()

    await asyncio.gather(producer(), consumer())
    await q.join()
    try:
        q.task_done()
    except ValueError as e:
        print(e)
    for kind in (asyncio.LifoQueue, asyncio.PriorityQueue):
        k = kind()
        for item in (3, 1, 2):
            k.put_nowait(item)
        print(kind.__name__, [k.get_nowait() for _ in range(3)])
    for call in (lambda: q.get_nowait(), lambda: [q.put_nowait(i) for i in range(3)]):
        try:
            call()
        except (asyncio.QueueEmpty, asyncio.QueueFull) as e:
            print(type(e).__name__)
    print('- getters in order')
    g = asyncio.Queue()

    async def getter(n):
        try:
            print(n, 'gets', await g.get())
        except asyncio.QueueShutDown:
            print(n, 'shut down')

    ts = [asyncio.create_task(getter(n)) for n in range(5)]
    await asyncio.sleep(0)
    ts[1].cancel()
    for i in 'abc':
        g.put_nowait(i)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    g.shutdown()
    await asyncio.gather(*ts, return_exceptions=True)
    print('- shutdown lets what is there be taken')
    s = asyncio.Queue()
    s.put_nowait(1)
    s.put_nowait(2)
    s.shutdown()
    print(await s.get())
    try:
        await s.put(3)
    except asyncio.QueueShutDown as e:
        print('put', type(e).__name__)
    print(await s.get())
    try:
        await s.get()
    except asyncio.QueueShutDown as e:
        print('get', type(e).__name__)
    s = asyncio.Queue(1)
    s.put_nowait('lost')
    blocked = asyncio.create_task(s.put('never'))
    joiner = asyncio.create_task(s.join())
    await asyncio.sleep(0)
    s.shutdown(immediate=True)
    print(await asyncio.gather(blocked, joiner, return_exceptions=True), s.qsize())


asyncio.run(main())
