# Exceptions over awaits: contexts and causes after cancelling and timing out, tracebacks by task, BaseExceptions out of the loop.
import asyncio
import traceback


def chain(e):
    names = []
    while e is not None:
        names.append(repr(e) + ('!' if e.__suppress_context__ else ''))
        e = e.__cause__ or e.__context__
    return ' <- '.join(names)


async def fails(x, delay=0):
    await asyncio.sleep(delay)
    raise ValueError(x)


async def inside_handler():
    try:
        raise KeyError('handled')
    except KeyError:
        await fails('while handling')


async def cleanup_fails():
    try:
        await asyncio.sleep(10)
    finally:
        raise OSError('cleanup')


async def sleeps_in_handler():
    try:
        raise KeyError('handled')
    except KeyError:
        await asyncio.sleep(10)


def frames(e):
    return [f.name for f in traceback.extract_tb(e.__traceback__) if f.filename == __file__ or 'aio_order' in f.filename]


async def main():
    for coroutine in (inside_handler(), asyncio.wait_for(cleanup_fails(), 0.1), asyncio.wait_for(sleeps_in_handler(), 0.1)):
        try:
            await coroutine
        except Exception as e:
            print(chain(e))
    try:
        async with asyncio.timeout(0.1):
            try:
                raise KeyError('handled')
            except KeyError:
                await asyncio.sleep(10)
    except TimeoutError as e:
        print(chain(e))
    t = asyncio.create_task(sleeps_in_handler())
    await asyncio.sleep(0)
    t.cancel('why')
    try:
        await t
    except asyncio.CancelledError as e:
        print(chain(e))
    t = asyncio.create_task(fails('in a task'))
    for turn in range(2):
        try:
            await t
        except ValueError as e:
            print(turn, chain(e), frames(e))
    try:
        await asyncio.gather(fails('g', 0.1), cleanup_fails())
    except ValueError as e:
        print(chain(e), frames(e))
    try:
        await asyncio.shield(fails('shielded'))
    except ValueError as e:
        print(chain(e), frames(e))

    async def outer():
        try:
            await fails('inner')
        except ValueError as e:
            raise RuntimeError('outer') from e

    try:
        await asyncio.create_task(outer())
    except RuntimeError as e:
        print(chain(e), frames(e), frames(e.__cause__))

    async def stops():
        raise StopIteration('x')

    try:
        await asyncio.create_task(stops())
    except RuntimeError as e:
        print(chain(e))
    t = asyncio.create_task(fails('kept'))
    await asyncio.wait([t])
    one, two = t.exception(), t.exception()
    print(one is two, [f.f_code.co_name for f in t.get_stack()], repr(t).split(' coro')[0])

    async def waiting():
        await asyncio.sleep(1)

    t = asyncio.create_task(waiting())
    await asyncio.sleep(0)
    print([f.f_code.co_name for f in t.get_stack()])
    t.cancel()


class Fatal(BaseException):
    pass


async def fatal():
    asyncio.get_running_loop().call_soon(lambda: print('the loop goes on at shutdown'))
    raise Fatal('out')


asyncio.run(main())
try:
    asyncio.run(fatal())
except Fatal as e:
    print('Fatal', e)


async def exits():
    try:
        await asyncio.gather(asyncio.sleep(10), asyncio.create_task(system_exit()))
    except BaseException as e:
        print('main gets', repr(e))
        raise


async def system_exit():
    raise SystemExit(7)


try:
    asyncio.run(exits())
except SystemExit as e:
    print('SystemExit', e.code)
