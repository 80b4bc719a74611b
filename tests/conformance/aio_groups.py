# Task groups: failing children, nested groups, cancellation from outside, what is raised and in which order things end.
import asyncio


async def child(name, delay, fail=None):
    try:
        await asyncio.sleep(delay)
        if fail:
            raise fail
        print(name, 'done')
        return name
    except asyncio.CancelledError:
        print(name, 'cancelled')
        raise


def tree(e, depth=0):
    print('  ' * depth + repr(e))
    for inner in getattr(e, 'exceptions', ()):
        tree(inner, depth + 1)


async def main():
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(child('a', 0.2))
        b = tg.create_task(child('b', 0.1))
    print(a.result(), b.result())
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child('c', 0.1, ValueError('c')))
            tg.create_task(child('d', 5))
            await child('body', 5)
    except* ValueError as group:
        tree(group)

    async def fails_in_cleanup(name):
        try:
            await asyncio.sleep(5)
        finally:
            raise KeyError(name)

    try:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(fails_in_cleanup('x'))
            async with asyncio.TaskGroup() as inner:
                inner.create_task(child('e', 0.1, OSError('e')))
                inner.create_task(fails_in_cleanup('y'))
    except BaseExceptionGroup as group:
        tree(group)
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child('f', 5))
            raise RuntimeError('body')
    except ExceptionGroup as group:
        tree(group)

    async def whole():
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child('g', 5))
            tg.create_task(child('h', 5))

    t = asyncio.create_task(whole())
    await asyncio.sleep(0.1)
    t.cancel('from outside')
    try:
        await t
    except asyncio.CancelledError as e:
        print('cancelled', e.args, t.cancelled())
    try:
        async with asyncio.timeout(0.1):
            async with asyncio.TaskGroup() as tg:
                tg.create_task(child('i', 5))
    except TimeoutError:
        print('timed out')
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child('j', 0.1, KeyboardInterrupt('j')))
            tg.create_task(child('k', 5))
    except KeyboardInterrupt as e:
        print('KeyboardInterrupt', e.args)
    except BaseException as e:
        print(repr(e))
    tg = asyncio.TaskGroup()
    late = child('late', 0)
    try:
        tg.create_task(late)
    except RuntimeError as e:
        print(str(e).split(' has')[1])
    late.close()


try:
    asyncio.run(main())
except BaseException as e:
    print('out of run:', repr(e))
