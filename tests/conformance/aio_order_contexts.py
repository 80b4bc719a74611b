# Context variables over tasks, callbacks and generators: who sees what, and when a copy is taken.
import asyncio
from contextvars import ContextVar, copy_context

var = ContextVar('var', default='default')


async def child(name):
    print(name, 'begins with', var.get())
    var.set(name)
    await asyncio.sleep(0)
    print(name, 'still has', var.get())


async def helper():
    var.set('set by a helper that is awaited')


async def agen():
    var.set('generator 1')
    yield var.get()
    yield var.get()


async def main():
    loop = asyncio.get_running_loop()
    var.set('main')
    t = asyncio.create_task(child('task'))
    var.set('main, changed')
    await t
    print('main has', var.get())
    await child('awaited')
    print('main has', var.get())
    await helper()
    print('main has', var.get())
    loop.call_soon(lambda: print('call_soon', var.get()))
    loop.call_later(0.01, lambda: print('call_later', var.get()))
    fut = loop.create_future()
    fut.add_done_callback(lambda f: print('done callback', var.get()))
    var.set('after they were made')
    fut.set_result(None)
    await asyncio.sleep(0.05)
    ctx = copy_context()
    ctx.run(var.set, 'in ctx')
    loop.call_soon(lambda: print('given context', var.get()), context=ctx)
    await asyncio.create_task(child('in ctx too'), context=ctx)
    print(ctx[var], var.get())
    g = agen()
    print(await anext(g), var.get())
    var.set('changed between')
    print(await anext(g))
    await g.aclose()
    await asyncio.gather(child('g1'), child('g2'))
    print(await asyncio.to_thread(var.get))
    async with asyncio.TaskGroup() as tg:
        tg.create_task(child('tg1'))
        tg.create_task(child('tg2'), context=ctx)
    print(ctx[var])
    token = var.set('temporary')
    try:
        await asyncio.create_task(child('x'))
    finally:
        var.reset(token)
    print(var.get())
    async with asyncio.timeout(1):
        var.set('inside the timeout')
    print(var.get())

    async def resets(token):
        try:
            var.reset(token)
        except ValueError as e:
            print('ValueError', 'different Context' in str(e))

    await asyncio.create_task(resets(var.set('y')))


asyncio.run(main())
print(var.get())
