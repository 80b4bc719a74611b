# Producers and consumers over bounded, last-in-first-out and priority queues; a queue that is shut down.
import asyncio


async def main():
    queue = asyncio.Queue(maxsize=2)
    log = []

    async def produce(name, n):
        for i in range(n):
            await queue.put(f'{name}{i}')
            log.append(f'>{name}{i}')

    async def consume(name):
        while True:
            item = await queue.get()
            log.append(f'{name}<{item}')
            await asyncio.sleep(0)
            queue.task_done()

    consumers = [asyncio.create_task(consume(n)) for n in 'AB']
    await asyncio.gather(produce('x', 4), produce('y', 3))
    await queue.join()
    for consumer in consumers:
        consumer.cancel()
    await asyncio.gather(*consumers, return_exceptions=True)
    print(' '.join(log))

    for kind in (asyncio.LifoQueue, asyncio.PriorityQueue):
        q = kind()
        for item in (3, 1, 2):
            q.put_nowait(item)
        print(kind.__name__, [q.get_nowait() for _ in range(3)])
        try:
            q.get_nowait()
        except asyncio.QueueEmpty as e:
            print(repr(e))

    q = asyncio.Queue()
    q.put_nowait('left')
    getters = [asyncio.create_task(q.get()) for _ in range(3)]
    await asyncio.sleep(0)
    q.shutdown()
    print([repr(r) for r in await asyncio.gather(*getters, return_exceptions=True)])
    try:
        await q.put(1)
    except asyncio.QueueShutDown as e:
        print(repr(e))


asyncio.run(main())
