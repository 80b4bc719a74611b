# Cancelling: before the first step, while waiting, twice, swallowed, in a finally, through shield and gather, and what it says.
import asyncio


async def sleeper(name, cleanup=0):
    print(name, 'begins')
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError as e:
        print(name, 'cancelled', e.args)
        for _ in range(cleanup):
            await asyncio.sleep(0)
        print(name, 'cleaned up')
        raise
    finally:
        print(name, 'finally')


async def outcome(task):
    try:
        return await task
    except asyncio.CancelledError as e:
        return 'CancelledError', e.args, task.cancelled()


async def main():
    t = asyncio.create_task(sleeper('never begun'))
    print(t.cancel('early'), t.cancelling(), t.done())
    print(await outcome(t), t.cancel())
    t = asyncio.create_task(sleeper('one', 2))
    await asyncio.sleep(0)
    t.cancel('first')
    await asyncio.sleep(0)
    print('again', t.cancel('second'), t.cancelling())
    print(await outcome(t))

    async def stubborn():
        for i in range(3):
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                print('ignored', i, asyncio.current_task().cancelling(), asyncio.current_task().uncancel())
        return 'survived'

    t = asyncio.create_task(stubborn())
    for _ in range(3):
        await asyncio.sleep(0)
        t.cancel()
    print(await outcome(t), t.cancelled())
    inner = asyncio.create_task(sleeper('shielded'))
    outer = asyncio.create_task(outcome(asyncio.shield(inner)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    outer.cancel()
    print(await asyncio.gather(outer, return_exceptions=True), inner.done())
    inner.cancel()
    print(await outcome(inner))
    group = asyncio.gather(sleeper('g1'), sleeper('g2'))
    await asyncio.sleep(0)
    print('cancel group', group.cancel('all'))
    try:
        await group
    except asyncio.CancelledError as e:
        print('group', e.args)

    async def awaits_cancelled():
        f = asyncio.get_running_loop().create_future()
        f.cancel('future')
        try:
            await f
        except asyncio.CancelledError as e:
            print('from the future', e.args, asyncio.current_task().cancelling())

    await awaits_cancelled()
    t = asyncio.create_task(sleeper('last'))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(t.cancel)
    done, pending = await asyncio.wait([t], timeout=1)
    print(len(done), len(pending), t.cancelled())
    try:
        t.exception()
    except asyncio.CancelledError:
        print('exception() of a cancelled task raises')


asyncio.run(main())
