# Timeouts that pass, nested ones, rescheduled ones, and a cancellation from outside that is no timeout.
import asyncio


async def main():
    try:
        async with asyncio.timeout(0.001) as scope:
            await asyncio.sleep(1000)
    except TimeoutError as e:
        print('timeout', repr(e), scope.expired(), repr(e.__cause__))
    async with asyncio.timeout(1000) as scope:
        await asyncio.sleep(0)
    print(scope.expired(), asyncio.current_task().cancelling())

    try:
        async with asyncio.timeout(1000):
            async with asyncio.timeout(0.001):
                await asyncio.sleep(1000)
    except TimeoutError:
        print('inner')
    async with asyncio.timeout(1000):
        try:
            async with asyncio.timeout(0):
                await asyncio.sleep(0)
                await asyncio.sleep(1000)
        except TimeoutError:
            print('zero')

    async with asyncio.timeout(None) as scope:
        print(scope.when())
        scope.reschedule(asyncio.get_running_loop().time() - 1)
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            print('cancelled inside')
            try:
                raise
            finally:
                print(asyncio.current_task().cancelling())


async def guarded():
    try:
        async with asyncio.timeout(1000):
            await asyncio.sleep(1000)
    except TimeoutError:
        print('wrong')
    except asyncio.CancelledError:
        print('cancelled from outside')
        raise


async def outside():
    task = asyncio.create_task(guarded())
    await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True))
    try:
        print(await asyncio.wait_for(asyncio.sleep(1000), 0.001))
    except TimeoutError as e:
        print('wait_for', repr(e))
    print(await asyncio.wait_for(asyncio.sleep(0, 'in time'), 1000))
    try:
        await asyncio.wait_for(asyncio.sleep(0), 0)
    except TimeoutError:
        print('no time at all')


try:
    asyncio.run(main())
except TimeoutError:
    print('rescheduled')
asyncio.run(outside())
