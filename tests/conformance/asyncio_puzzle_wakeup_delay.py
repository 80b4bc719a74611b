# How many iterations of the loop it takes until whoever awaits something goes on.
import asyncio


async def ticker(out):
    n = 0
    while True:
        out.append(n)
        n += 1
        await asyncio.sleep(0)


async def main():
    ticks = []
    asyncio.create_task(ticker(ticks))
    await asyncio.sleep(0)

    async def measure(what, awaitable):
        before = len(ticks)
        await awaitable
        print(what, len(ticks) - before)

    async def nothing():
        pass

    async def one():
        await asyncio.sleep(0)

    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon(future.set_result, None)
    await measure('future', future)
    done = loop.create_future()
    done.set_result(None)
    await measure('future that is done', done)
    await measure('coroutine', nothing())
    await measure('task', asyncio.create_task(nothing()))
    await measure('task with a sleep', asyncio.create_task(one()))
    await measure('gather of coroutines', asyncio.gather(nothing(), nothing()))
    await measure('gather of nothing', asyncio.gather())
    await measure('wait', asyncio.wait([asyncio.create_task(nothing())]))
    await measure('wait_for coroutine', asyncio.wait_for(nothing(), 10))
    await measure('wait_for task', asyncio.wait_for(asyncio.create_task(nothing()), 10))
    await measure('shield', asyncio.shield(nothing()))
    await measure('sleep(0)', asyncio.sleep(0))
    queue = asyncio.Queue()
    loop.call_soon(queue.put_nowait, 1)
    await measure('queue', queue.get())
    event = asyncio.Event()
    loop.call_soon(event.set)
    await measure('event', event.wait())
    lock = asyncio.Lock()
    await measure('free lock', lock.acquire())
    loop.call_soon(lock.release)
    await measure('taken lock', lock.acquire())
    async with asyncio.TaskGroup() as group:
        group.create_task(one())
        before = len(ticks)
    print('group', len(ticks) - before)


asyncio.run(main())
