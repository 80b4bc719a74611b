# Coroutines that are driven from two sides, that end while they are cancelled, or that refuse to be closed.
import asyncio


async def main():
    loop = asyncio.get_running_loop()

    async def sleeper():
        await asyncio.sleep(0)
        return 'slept'

    coro = sleeper()
    a, b = asyncio.create_task(coro), asyncio.create_task(coro)
    for result in await asyncio.gather(a, b, return_exceptions=True):
        print(repr(result))

    async def drives_itself():
        task = asyncio.current_task()
        try:
            task.get_coro().send(None)
        except ValueError as e:
            return str(e)

    print(await asyncio.create_task(drives_itself()))

    async def swallows():
        while True:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                return 'swallowed'

    task = asyncio.create_task(swallows())
    await asyncio.sleep(0)
    task.cancel()
    print(await task, task.cancelled())

    async def raises_other():
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            raise KeyError('instead')

    task = asyncio.create_task(raises_other())
    await asyncio.sleep(0)
    task.cancel()
    (error,) = await asyncio.gather(task, return_exceptions=True)
    print(repr(error), repr(error.__context__), task.cancelled())

    async def cancels_waiter():
        future = loop.create_future()
        task = asyncio.current_task()
        loop.call_soon(task.cancel)
        try:
            await future
        except asyncio.CancelledError:
            print('waiter cancelled', future.cancelled())
        await asyncio.sleep(0)
        return task.cancelling()

    print(await asyncio.create_task(cancels_waiter()))

    shared = loop.create_future()
    waiters = [asyncio.create_task(asyncio.wait_for(asyncio.shield(shared), 1000)) for _ in range(3)]
    await asyncio.sleep(0)
    waiters[1].cancel()
    await asyncio.sleep(0)
    shared.set_result('for all')
    print([repr(r) for r in await asyncio.gather(*waiters, return_exceptions=True)])

    both = loop.create_future()

    async def waits():
        return await both

    tasks = [asyncio.create_task(waits()) for _ in range(2)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    print(both.cancelled())
    print([repr(r) for r in await asyncio.gather(*tasks, return_exceptions=True)])

    async def stop_iteration():
        raise StopIteration('from a coroutine')

    (error,) = await asyncio.gather(stop_iteration(), return_exceptions=True)
    print(repr(error), repr(error.__cause__))


asyncio.run(main())
