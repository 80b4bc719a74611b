# What a task says to what it cannot wait for.
import asyncio
import types


@types.coroutine
def yields(value):
    got = yield value
    return got


def tidy(text):
    return text.split(' in task ')[0].split(': <Task')[0].split('Task <')[0]


async def attempt(what, value):
    try:
        print(what, await yields(value))
    except BaseException as e:
        print(what, type(e).__name__, tidy(str(e)))


async def main():
    loop = asyncio.get_running_loop()
    await attempt('None', None)
    await attempt('number', 5)
    await attempt('future without await', loop.create_future())
    await attempt('itself', asyncio.current_task())
    generator = (x for x in ())
    try:
        await yields(generator)
    except RuntimeError as e:
        print('generator', str(e).split(' in task')[0])
    other = asyncio.new_event_loop()
    foreign = other.create_future()
    try:
        await foreign
    except RuntimeError as e:
        print('other loop', 'attached to a different loop' in str(e))
    other.close()
    shared = loop.create_future()
    waiting = shared.__await__()
    next(waiting)
    try:
        next(waiting)
    except RuntimeError as e:
        print(e)
    try:
        asyncio.Task(5, loop=loop)
    except TypeError as e:
        print(e)
    blocked = loop.create_future()
    print(blocked._asyncio_future_blocking)
    blocked._asyncio_future_blocking = True
    loop.call_soon(blocked.set_result, 'by hand')
    print(await yields(blocked), blocked.result(), blocked._asyncio_future_blocking)


asyncio.run(main())
