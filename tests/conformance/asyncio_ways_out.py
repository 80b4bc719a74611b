# How the step of a task can end, when the step before let others run, and when a future has woken the task: what the task becomes, in which
# context, and that the loop is in order afterwards.
import asyncio
import contextvars
import types

place = contextvars.ContextVar('place', default='outside')


@types.coroutine
def yields(value):
    return (yield value)


async def returns(loop):
    return 'value'


async def raises(loop):
    raise ValueError('no')


async def waits(loop):
    future = loop.create_future()
    loop.call_soon(future.set_result, 'late')
    return await future


async def lets_run(loop):
    await yields(None)
    return 'went on'


async def waits_for_done(loop):
    future = loop.create_future()
    future.set_result('done before')
    # Past __await__, which does not yield what is done.
    future._asyncio_future_blocking = True
    await yields(future)
    return future.result()


async def foreign(loop):
    await other.create_future()


async def not_awaited(loop):
    await yields(loop.create_future())


async def itself(loop):
    await yields(asyncio.current_task())


async def other_task(loop):
    return await asyncio.create_task(lets_run(loop))


async def number(loop):
    await yields(42)


async def own_class(loop):
    class Own(asyncio.Future):
        pass
    future = Own()
    loop.call_soon(future.set_result, 'of a subclass')
    return await future


async def cancelled_and_waits(loop):
    asyncio.current_task().cancel('while it runs')
    await loop.create_future()


async def cancelled_and_lets_run(loop):
    asyncio.current_task().cancel('before it goes on')
    await yields(None)


async def cancelled_and_returns(loop):
    asyncio.current_task().cancel('too late')
    return 'value'


async def cancelled_and_raises(loop):
    asyncio.current_task().cancel('too late')
    raise ValueError('instead')


async def cancels_itself(loop):
    raise asyncio.CancelledError('by itself')


async def by_first_step(way, loop):
    return await way(loop)


async def by_step(way, loop):
    place.set('inside')
    await asyncio.sleep(0)
    return await way(loop)


async def by_wake_up(way, loop):
    place.set('inside')
    future = loop.create_future()
    loop.call_soon(future.set_result, None)
    await future
    return await way(loop)


def tidy(error):
    text = str(error).split(' in task ')[0].split(': <Task')[0].split('Task <')[0]
    return f'{type(error).__name__} {text}{"another loop" if "attached to a different loop" in str(error) else ""}'


def ended(task):
    if task.cancelled():
        return 'cancelled'
    return tidy(task.exception()) if task.exception() else repr(task.result())


async def main():
    loop, here = asyncio.get_running_loop(), asyncio.current_task()
    for way in (returns, raises, waits, lets_run, waits_for_done, foreign, not_awaited, itself, other_task, number, own_class,
                cancelled_and_waits, cancelled_and_lets_run, cancelled_and_returns, cancelled_and_raises, cancels_itself):
        for begin in (by_first_step, by_step, by_wake_up):
            task = loop.create_task(begin(way, loop), name=way.__name__)
            seen = []
            task.add_done_callback(lambda task: seen.append((place.get(), asyncio.current_task())))
            steps = 0
            while not task.done():
                await asyncio.sleep(0)
                steps += 1
            await asyncio.sleep(0)
            print(way.__name__, begin.__name__, ended(task), steps, seen, place.get(), asyncio.current_task() is here, task.cancelling())


def one_by_one():
    """Coroutines that end the loop do so from each way in, and leave it fit for the next one."""
    for stop in (SystemExit, KeyboardInterrupt):
        for how in (by_first_step, by_step, by_wake_up):
            async def stops(loop):
                raise stop('now')
            loop = asyncio.new_event_loop()
            try:
                loop.run_until_complete(how(stops, loop))
            except BaseException as e:
                print(how.__name__, type(e).__name__, e, loop.is_running())
            print(loop.run_until_complete(how(lets_run, loop)))
            loop.close()


other = asyncio.new_event_loop()
asyncio.run(main())
one_by_one()
other.close()
