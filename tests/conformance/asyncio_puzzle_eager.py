# Eager tasks run until they first wait before whoever made them goes on.
import asyncio


async def quick(name):
    print(name, 'runs', asyncio.current_task() is not None)
    return name


async def waits(name):
    print(name, 'begins', asyncio.current_task().done())
    await asyncio.sleep(0)
    print(name, 'goes on')
    return name


async def fails():
    raise ValueError('at once')


async def nested():
    me = asyncio.current_task()
    inner = asyncio.create_task(quick('inner'))
    print('nested: inner done', inner.done(), asyncio.current_task() is me)
    outer = asyncio.create_task(waits('w'))
    print('nested: w done', outer.done(), asyncio.current_task() is me)
    return await inner, await outer


async def main():
    me = asyncio.current_task()
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(quick('a'))
    print(task.done(), task.result(), task.get_coro(), asyncio.current_task() is me, len(asyncio.all_tasks()))
    task = asyncio.create_task(waits('b'))
    print(task.done(), len(asyncio.all_tasks()))
    print(await task)
    task = asyncio.create_task(fails())
    print(task.done(), repr(task.exception()))
    print(await asyncio.create_task(nested()))
    print(await asyncio.gather(quick('g1'), quick('g2'), waits('g3')))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(quick(str(n))) for n in range(3)]
        print([t.done() for t in tasks])
    late = asyncio.Task(quick('late'), loop=asyncio.get_running_loop(), eager_start=False)
    print(late.done())
    print(await late)


asyncio.run(main())
