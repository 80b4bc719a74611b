# `wait` and `as_completed`: what is done when they go on, and what is still under way.
import asyncio


async def job(name, turns, fail=False):
    for _ in range(turns):
        await asyncio.sleep(0)
    if fail:
        raise ValueError(name)
    return name


def names(tasks):
    return sorted(t.get_name() for t in tasks)


async def main():
    def make(*specs):
        return [asyncio.create_task(job(*spec), name=spec[0]) for spec in specs]

    tasks = make(('a', 1), ('b', 3), ('c', 5))
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print(names(done), names(pending))
    done, pending = await asyncio.wait(pending)
    print(names(done), names(pending))

    tasks = make(('d', 1), ('e', 2, True), ('f', 100))
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    print(names(done), names(pending), [t.exception() is not None for t in sorted(done, key=lambda t: t.get_name())])
    done, pending = await asyncio.wait(pending, timeout=0)
    print(names(done), names(pending))
    await asyncio.wait(pending)

    for next_one in asyncio.as_completed([job('x', 4), job('y', 0), job('z', 2)]):
        print(await next_one)
    async for task in asyncio.as_completed(make(('u', 3), ('v', 1))):
        print(task.get_name(), task.result())
    try:
        await asyncio.wait([])
    except ValueError as e:
        print(e)
    coroutine = job('q', 0)
    try:
        await asyncio.wait([coroutine])
    except TypeError as e:
        print(e)
    coroutine.close()


asyncio.run(main())
