# Where a task is when it is cancelled decides what it sees: before its first step, while it waits, when what it waits for is done.
import asyncio


async def work(name, waits):
    print(name, 'begins')
    try:
        await waits
    except asyncio.CancelledError as e:
        print(name, 'cancelled', e.args)
        raise
    finally:
        print(name, 'cleans up')
    print(name, 'ends')
    return name


async def outcome(task):
    try:
        return await task
    except asyncio.CancelledError as e:
        return f'cancelled {e.args}'


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    task = asyncio.create_task(work('never begun', future))
    print(task.cancel('early'), task.cancelled(), task.cancelling())
    print(await outcome(task), task.cancelled(), future.cancelled())

    task = asyncio.create_task(work('waiting', future))
    await asyncio.sleep(0)
    print(task.cancel('msg'), future.cancelled(), task.done())
    print(await outcome(task), task.cancel())

    future = loop.create_future()
    task = asyncio.create_task(work('woken', future))
    await asyncio.sleep(0)
    future.set_result(None)
    print(task.cancel(), future.cancelled())
    print(await outcome(task), task.cancelled())

    future = loop.create_future()
    task = asyncio.create_task(work('twice', future))
    await asyncio.sleep(0)
    print(task.cancel('one'), task.cancel('two'), task.cancelling(), task.uncancel(), task.uncancel(), task.uncancel())
    print(await outcome(task))

    async def stubborn():
        for n in range(3):
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                print('refused', n)
        return 'done'

    task = asyncio.create_task(stubborn())
    for _ in range(3):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
    print(await task, task.cancelled(), task.cancelling())

    async def suicide():
        asyncio.current_task().cancel('self')
        print('still here')
        await asyncio.sleep(0)
        print('not reached')

    print(await outcome(asyncio.create_task(suicide())))

    async def late():
        asyncio.current_task().cancel()
        return 'result'

    task = asyncio.create_task(late())
    print(await outcome(task), task.cancelled())


asyncio.run(main())
