# Eager tasks: they run in create_task until they wait; what is current meanwhile, and the order against lazy ones.
import asyncio


async def steps(name, n):
    print(name, 'begins in the main task:', asyncio.current_task() is main_task)
    for i in range(n):
        await asyncio.sleep(0)
        print(name, i)
    return name


async def main():
    global main_task
    loop, main_task = asyncio.get_running_loop(), asyncio.current_task()
    print('- lazy')
    t = asyncio.create_task(steps('lazy', 1), name='L')
    print('created', t.done())
    await t
    loop.set_task_factory(asyncio.eager_task_factory)
    print('- eager')
    t = asyncio.create_task(steps('eager', 0), name='E')
    print('created', t.done(), t.result(), asyncio.current_task() is main_task)
    ts = [asyncio.create_task(steps(n, 2), name=n) for n in 'xy']
    print('both created', [t.done() for t in ts])
    print(await asyncio.gather(*ts))

    async def fails():
        raise ValueError('eager')

    t = asyncio.create_task(fails())
    print(t.done(), repr(t.exception()))

    async def nested():
        outer = asyncio.current_task()
        inner = asyncio.create_task(steps('inner', 1), name='inner')
        print('back', asyncio.current_task() is outer, outer is main_task)
        return await inner

    print(await asyncio.create_task(nested(), name='outer'))

    async def cancels_itself():
        asyncio.current_task().cancel()
        print('still here')
        await asyncio.sleep(0)

    t = asyncio.create_task(cancels_itself())
    try:
        await t
    except asyncio.CancelledError:
        print('cancelled', t.cancelled())
    order = []
    t.add_done_callback(lambda t: order.append('callback'))
    order.append('added')
    await asyncio.sleep(0)
    print(order)
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(steps('group', 0))
        print('in group', a.done())
    t = asyncio.eager_task_factory(loop, steps('by hand', 1))
    print(type(t).__name__, await t)
    loop.set_task_factory(None)
    lazy = asyncio.Task(steps('explicit', 0), loop=loop, eager_start=True, name='X')
    print(lazy.done())


asyncio.run(main(), debug=False)
