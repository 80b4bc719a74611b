# What gets lost: tasks destroyed while they wait, exceptions never asked for, coroutines never awaited, errors in callbacks.
import asyncio
import gc
import re
import warnings


def said(loop, context):
    rest = {k: re.sub(' at 0x[0-9a-f]+|(/\\S*/)?\\w+\\.py:\\d+', '', repr(v)) for k, v in context.items() if k != 'message'}
    print(re.sub(r' at \S*:\d+', '', context['message']), '|', rest.get('exception'), '|', sorted(rest))


warnings.showwarning = lambda m, c, *a, **k: print(c.__name__, '|', m)
warnings.simplefilter('always')


async def fails(x):
    raise ValueError(x)


async def waits_for_ever():
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        print('closed by the collector')


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(said)
    t = asyncio.create_task(fails('never asked'))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del t
    gc.collect()
    print('-')
    t = asyncio.create_task(fails('asked'))
    await asyncio.wait([t])
    print(repr(t.exception()))
    del t
    gc.collect()
    print('-')
    # Nobody holds the task nor the future it waits for.
    asyncio.create_task(waits_for_ever(), name='lost')
    await asyncio.sleep(0)
    gc.collect()
    print('-')
    waits_for_ever()
    gc.collect()
    print('-')
    f = loop.create_future()
    f.set_exception(KeyError('future'))
    del f
    gc.collect()
    print('-')
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    g = asyncio.gather(fails('g1'), fails('g2'))
    try:
        await g
    except ValueError as e:
        print('gather', e)
    del g
    gc.collect()
    loop.call_exception_handler({'message': 'by hand', 'exception': OSError(1, 'x')})

    def bad_handler(loop, context):
        raise RuntimeError('the handler fails')

    f = loop.create_future()
    f.set_result(1)
    for change in (lambda: f.set_result(2), lambda: f.set_exception(OSError()), lambda: f.exception(), lambda: loop.create_future().result()):
        try:
            print(change())
        except asyncio.InvalidStateError as e:
            print(type(e).__name__)
    try:
        loop.create_future().set_exception(StopIteration())
    except TypeError as e:
        print(e)
    loop.set_exception_handler(None)


asyncio.run(main())
