# Asynchronous generators: finalisation at the end of the loop, by the collector, aclose and athrow, and what must not be done.
import asyncio
import gc
import sys


async def numbers(name, n=3):
    try:
        for i in range(n):
            yield i
            await asyncio.sleep(0)
    except GeneratorExit:
        print(name, 'GeneratorExit')
        raise
    finally:
        await asyncio.sleep(0)
        print(name, 'finally in', 'a task' if asyncio.current_task() else 'no task')


async def main():
    print([x async for x in numbers('whole')])
    async for x in numbers('broken off'):
        break
    print('after break')
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    g = numbers('closed')
    print(await anext(g))
    await g.aclose()
    print([x async for x in g])
    g = numbers('thrown into')
    print(await g.asend(None))
    try:
        await g.athrow(ValueError('thrown'))
    except ValueError as e:
        print(e)
    try:
        await anext(g)
    except StopAsyncIteration:
        print('over', await anext(g, 'default'))
    print(await numbers('sent').asend(None))
    try:
        await numbers('not begun').asend(1)
    except TypeError as e:
        print(e)

    async def ignores():
        try:
            yield 1
        except GeneratorExit:
            yield 2

    g = ignores()
    await anext(g)
    try:
        await g.aclose()
    except RuntimeError as e:
        print(e)
    g = numbers('running')
    first = g.__anext__()
    second = g.__anext__()
    print(await first)

    async def slow():
        await asyncio.sleep(0.1)
        yield 1

    g = slow()
    t = asyncio.create_task(anext(g))
    await asyncio.sleep(0)
    try:
        await anext(g)
    except RuntimeError as e:
        print(e)
    print(await t)
    try:
        second.close()
    except RuntimeError as e:
        print(e)
    left.append(numbers('left at the end'))
    print(await anext(left[0]))
    print(sys.get_asyncgen_hooks().firstiter is not None)


left = []
asyncio.run(main())
print('run is over', sys.get_asyncgen_hooks())
gc.collect()
seen = []
sys.set_asyncgen_hooks(lambda g: seen.append(('first', g.__name__)), lambda g: seen.append(('final', g.__name__)))


async def plain():
    yield 1


g = plain()
try:
    g.__anext__().send(None)
except StopIteration as e:
    print(e.value)
del g
print(seen)
sys.set_asyncgen_hooks(None, None)
