# `gather`: results in the order of the arguments, the first exception at once, the others run on.
import asyncio


async def step(name, turns, fail=None):
    for turn in range(turns):
        print(name, turn)
        await asyncio.sleep(0)
    if fail:
        raise fail
    return name


async def main():
    print(await asyncio.gather(step('slow', 3), step('fast', 1), step('none', 0)))
    try:
        await asyncio.gather(step('x', 4), step('y', 1, ValueError('y')), step('z', 2, KeyError('z')))
    except ValueError as e:
        print('caught', repr(e))
    await asyncio.sleep(0)
    print(len(asyncio.all_tasks()))
    while len(asyncio.all_tasks()) > 1:
        await asyncio.sleep(0)
    print(await asyncio.gather(step('r', 1), step('s', 0, OSError('s')), return_exceptions=True))
    twice = step('once', 1)
    print(await asyncio.gather(twice, twice))
    nested = asyncio.gather(asyncio.gather(step('n1', 1), step('n2', 2)), step('n3', 1))
    print(type(nested).__name__, nested.done())
    print(await nested)


asyncio.run(main())
