# KeyboardInterrupt and SystemExit leave the loop; other exceptions stay in the task, with traceback and context.
import asyncio
import traceback


async def fails(kind):
    await asyncio.sleep(0)
    raise kind


async def forever():
    try:
        await asyncio.sleep(1000)
    finally:
        print('cleaned up')


async def with_background(kind):
    task = asyncio.create_task(forever())
    await asyncio.sleep(0)
    await fails(kind)


for kind in (KeyboardInterrupt, SystemExit(3), ValueError('v'), asyncio.CancelledError('c')):
    try:
        asyncio.run(with_background(kind))
    except BaseException as e:
        print('out:', repr(e))


async def contexts():
    try:
        raise KeyError('handled')
    except KeyError:
        task = asyncio.create_task(fails(ValueError('inside')))
        try:
            await task
        except ValueError as e:
            print(repr(e), repr(e.__context__))
            print([frame.name for frame in traceback.extract_tb(e.__traceback__)])
    first = task.exception()
    for _ in range(2):
        try:
            await task
        except ValueError as e:
            print(e is first, len(traceback.extract_tb(e.__traceback__)))


asyncio.run(contexts())


def interrupt():
    raise KeyboardInterrupt


async def sits():
    asyncio.get_running_loop().call_soon(interrupt)
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print('sits was cancelled')
        raise


try:
    asyncio.run(sits())
except KeyboardInterrupt:
    print('interrupted')
