# A shield: the outer future is cancelled, the inner task runs on; cancelling the inner one goes through.
import asyncio


async def inner(name):
    for n in range(3):
        print(name, n)
        await asyncio.sleep(0)
    return name


async def outer(task):
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        print('outer cancelled; inner done:', task.done())
        raise


async def main():
    task = asyncio.create_task(inner('one'))
    waiter = asyncio.create_task(outer(task))
    await asyncio.sleep(0)
    waiter.cancel()
    try:
        await waiter
    except asyncio.CancelledError:
        print('waiter', waiter.cancelled(), task.done())
    print(await task)

    task = asyncio.create_task(inner('two'))
    waiter = asyncio.create_task(outer(task))
    await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(waiter, return_exceptions=True))
    shielded = asyncio.shield(asyncio.sleep(0, 'x'))
    print(type(shielded).__name__, await shielded)
    done = asyncio.ensure_future(asyncio.sleep(0, 'y'))
    await done
    print(asyncio.shield(done) is done)


asyncio.run(main())
