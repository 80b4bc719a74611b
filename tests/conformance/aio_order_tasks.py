# Who runs when: create_task against await, sleep(0), done callbacks, call_soon, and chains of futures, step by step.
import asyncio


async def step(name, n):
    for i in range(n):
        print(name, i)
        await asyncio.sleep(0)
    print(name, 'ends')
    return name


async def main():
    loop = asyncio.get_running_loop()
    print('- two tasks and callbacks')
    a = asyncio.create_task(step('a', 2))
    loop.call_soon(print, 'soon 1')
    b = asyncio.create_task(step('b', 3))
    a.add_done_callback(lambda t: print('callback of', t.result()))
    loop.call_soon(print, 'soon 2')
    print(await b, a.done())
    print('- awaiting a coroutine begins at once')
    t = asyncio.create_task(step('task', 1))
    print(await step('await', 1))
    await t
    print('- awaiting what is done')
    done = loop.create_future()
    done.set_result('at once')
    loop.call_soon(print, 'not before')
    print(await done)
    await asyncio.sleep(0)
    print('- a future wakes its waiters in order, after what is ready already')
    f = loop.create_future()

    async def waiter(name):
        print(name, 'waits')
        print(name, 'got', await f)

    ws = [asyncio.create_task(waiter(n)) for n in 'xyz']
    await asyncio.sleep(0)
    loop.call_soon(print, 'ready before')
    f.set_result(7)
    loop.call_soon(print, 'ready after')
    print('set')
    await asyncio.gather(*ws)
    print('- nested tasks')

    async def nested(depth):
        print('begin', depth)
        if depth:
            await asyncio.create_task(nested(depth - 1))
        print('end', depth)

    other = asyncio.create_task(step('other', 6))
    await nested(3)
    await other


asyncio.run(main())
