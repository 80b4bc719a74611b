# Everything at once: callbacks, tasks, futures and timers of one moment, in the order of the loop.
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    out = []
    future = loop.create_future()

    async def awaiting(name):
        out.append(f'{name} waits')
        out.append(f'{name} got {await future}')
        await asyncio.sleep(0)
        out.append(f'{name} over')

    async def spawner():
        out.append('spawner')
        asyncio.create_task(awaiting('late'))
        loop.call_soon(out.append, 'soon from spawner')
        await asyncio.sleep(0)
        out.append('spawner again')
        future.set_result('it')
        out.append('set')
        loop.call_soon(out.append, 'soon after set')
        await asyncio.sleep(0)
        out.append('spawner over')

    loop.call_later(0, out.append, 'timer 0')
    tasks = [asyncio.create_task(awaiting('early')), asyncio.create_task(spawner())]
    loop.call_soon(out.append, 'soon')
    future.add_done_callback(lambda f: out.append('callback'))
    inner = asyncio.gather(*tasks)
    inner.add_done_callback(lambda f: out.append('gathered'))
    await inner
    out.append('main')
    while len(asyncio.all_tasks()) > 1:
        await asyncio.sleep(0)
    print('\n'.join(out))


asyncio.run(main())
