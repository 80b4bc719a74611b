# Coroutines made of generators: `types.coroutine`, `yield from` a future, and who gets what is sent.
import asyncio
import types


@types.coroutine
def pause(times):
    for n in range(times):
        got = yield
        print('resumed', n, got)
    return times


@types.coroutine
def through(future):
    print('from', (yield from future))
    return (yield from pause(1))


async def chain(n):
    if n == 0:
        return await pause(2)
    return n + await chain(n - 1)


class Awaitable:
    def __init__(self, turns):
        self.turns = turns

    def __await__(self):
        for _ in range(self.turns):
            yield
        return 'waited'


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon(future.set_result, 'result')
    print(await through(future))
    print(await chain(3))
    print(await Awaitable(2))
    print(await asyncio.gather(Awaitable(1), chain(1), pause(0)))
    task = asyncio.ensure_future(Awaitable(1))
    print(type(task).__name__, await task)
    try:
        asyncio.ensure_future(5)
    except TypeError as e:
        print(e)

    async def throws():
        try:
            await pause(5)
        except asyncio.CancelledError:
            print('thrown through the generator')
            raise

    task = asyncio.create_task(throws())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True))


asyncio.run(main())
