# wait, gather, as_completed, wait_for and timeout: sets, order of results, exceptions, and who is cancelled.
import asyncio


async def work(name, delay, fail=False):
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print(name, 'is cancelled')
        raise
    print(name, 'is through')
    if fail:
        raise ValueError(name)
    return name


def names(tasks):
    return sorted(t.get_name() for t in tasks)


async def main():
    def tasks(*specs):
        return [asyncio.create_task(work(*spec), name=spec[0]) for spec in specs]

    print('- FIRST_COMPLETED')
    ts = tasks(('a', 0.9), ('b', 0.1), ('c', 0.3))
    done, pending = await asyncio.wait(ts, return_when=asyncio.FIRST_COMPLETED)
    print(names(done), names(pending))
    print('- FIRST_EXCEPTION')
    ts += tasks(('d', 0.15, True), ('e', 5))
    done, pending = await asyncio.wait(ts, return_when=asyncio.FIRST_EXCEPTION)
    print(names(done), names(pending))
    print('- timeout')
    done, pending = await asyncio.wait(ts, timeout=1)
    print(names(done), names(pending))
    for t in pending:
        t.cancel()
    print([repr(r) for r in await asyncio.gather(*ts, return_exceptions=True)])
    print('- gather keeps the order, the first exception goes out, the others go on')
    ts = tasks(('f', 0.2), ('g', 0.1, True), ('h', 0.3))
    try:
        await asyncio.gather(*ts)
    except ValueError as e:
        print('raised', e)
    print([t.done() for t in ts])
    print(await asyncio.gather(ts[0], ts[2]))
    print('- as_completed, plain and async')
    for next_one in asyncio.as_completed([work('i', 0.2), work('j', 0.1)]):
        print('got', await next_one)
    ts = tasks(('k', 0.2), ('l', 0.1, True))
    async for t in asyncio.as_completed(ts):
        print(t in ts, t.get_name(), repr(t.exception()))
    try:
        async for t in asyncio.as_completed([work('m', 0.1), work('n', 5)], timeout=1):
            print('got', await t)
    except TimeoutError as e:
        print('TimeoutError', e.args)
    print('- wait_for and timeout')
    try:
        await asyncio.wait_for(work('o', 5), 0.1)
    except TimeoutError as e:
        print('TimeoutError', e.args, repr(e.__cause__))
    print(await asyncio.wait_for(work('p', 0.1), None))
    try:
        async with asyncio.timeout(0.1) as limit:
            limit.reschedule(asyncio.get_running_loop().time() + 0.2)
            await work('q', 0.15)
            await work('r', 5)
    except TimeoutError:
        print('timeout', limit.expired())
    try:
        async with asyncio.timeout(0.3):
            async with asyncio.timeout(0.1):
                await work('s', 5)
    except TimeoutError:
        print('the inner one, and the outer one lets it through')
    for t in asyncio.all_tasks() - {asyncio.current_task()}:
        t.cancel()


asyncio.run(main())
