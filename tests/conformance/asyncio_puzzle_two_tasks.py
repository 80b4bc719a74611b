# Two tasks take turns at every `sleep(0)`; a coroutine that is awaited directly gives no turn away.
import asyncio


async def inner(name):
    print(name, 'inner')
    return name.upper()


async def worker(name, steps):
    for step in range(steps):
        print(name, step)
        if step == 1:
            print(await inner(name))
        await asyncio.sleep(0)
    return name


async def main():
    a = asyncio.create_task(worker('a', 3))
    b = asyncio.create_task(worker('b', 2))
    print('made')
    await asyncio.sleep(0)
    print('main goes on')
    c = asyncio.create_task(worker('c', 1))
    print(await b, a.done(), b.done(), c.done())
    print(await a, await c)


asyncio.run(main())
