# A task group: the first failure cancels the siblings, and all failures come together.
import asyncio


async def job(name, turns, fail=None):
    try:
        for turn in range(turns):
            print(name, turn)
            await asyncio.sleep(0)
        if fail:
            raise fail
        print(name, 'done')
        return name
    except asyncio.CancelledError:
        print(name, 'cancelled')
        raise


async def cleanup_fails():
    try:
        await asyncio.sleep(1000)
    finally:
        raise OSError('in cleanup')


async def main():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(job(n, k), name=n) for n, k in (('a', 2), ('b', 1))]
        print('body over')
    print([t.result() for t in tasks])

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(job('c', 5))
            group.create_task(job('d', 1, ValueError('d')))
            group.create_task(cleanup_fails())
            await asyncio.sleep(1000)
            print('not reached')
    except* ValueError as group:
        print('values', [repr(e) for e in group.exceptions])
    except* OSError as group:
        print('os', [repr(e) for e in group.exceptions])
    print(asyncio.current_task().cancelling())

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(job('e', 5))
            await asyncio.sleep(0)
            raise KeyError('body')
    except* KeyError as group:
        print([repr(e) for e in group.exceptions])

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(job('f', 100))
            group.create_task(job('g', 100))

    task = asyncio.create_task(parent())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True))


asyncio.run(main())
