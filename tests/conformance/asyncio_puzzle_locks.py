# Locks are fair: who waits first gets it first, and who comes in between has to queue.
import asyncio


async def main():
    lock = asyncio.Lock()
    order = []

    async def use(name, turns=1):
        async with lock:
            order.append(f'{name}+')
            for _ in range(turns):
                await asyncio.sleep(0)
            order.append(f'{name}-')

    tasks = [asyncio.create_task(use(n, 2)) for n in 'abc']
    await asyncio.sleep(0)
    tasks[1].cancel()
    tasks.append(asyncio.create_task(use('d')))
    await asyncio.gather(*tasks, return_exceptions=True)
    print(' '.join(order), lock.locked())

    semaphore, inside, most = asyncio.Semaphore(2), 0, 0
    async def limited(name):
        nonlocal inside, most
        async with semaphore:
            inside += 1
            most = max(most, inside)
            order.append(name)
            await asyncio.sleep(0)
            inside -= 1

    order.clear()
    await asyncio.gather(*map(limited, 'pqrst'))
    print(' '.join(order), most)

    condition = asyncio.Condition()
    ready = []

    async def waiter(name):
        async with condition:
            await condition.wait_for(lambda: name in ready)
            print(name, 'is ready')

    tasks = [asyncio.create_task(waiter(n)) for n in 'xyz']
    await asyncio.sleep(0)
    for name in 'zxy':
        async with condition:
            ready.append(name)
            condition.notify_all()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)

    barrier = asyncio.Barrier(3)

    async def meet(name):
        print(name, 'arrives')
        async with barrier as position:
            print(name, 'goes on', position)

    await asyncio.gather(*map(meet, 'ijk'))


asyncio.run(main())
