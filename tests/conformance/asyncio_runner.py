# `Runner` and `run`: contexts that last, tasks that are cancelled at the end, generators that are closed.
import asyncio
import contextvars

var = contextvars.ContextVar('var', default='unset')


async def set_var(value):
    before = var.get()
    var.set(value)
    return before


async def background(name):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print(name, 'cancelled at the end')
        raise


async def bad_background():
    try:
        await asyncio.sleep(1000)
    finally:
        raise ValueError('while shutting down')


async def leaves_tasks():
    good = asyncio.create_task(background('one'))
    bad = asyncio.create_task(bad_background())
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: print(context['message'], repr(context['exception'])))
    await asyncio.sleep(0)
    return good.get_coro().__name__, bad.done()


with asyncio.Runner() as runner:
    print(runner.run(set_var('first')), runner.run(set_var('second')), var.get())
    print(runner.get_loop().is_running(), runner.get_loop().is_closed())
    loop = runner.get_loop()
print(loop.is_closed())
coro = set_var('x')
try:
    runner.run(coro)
except RuntimeError as e:
    print(e)
coro.close()
print(asyncio.run(leaves_tasks()))


async def nested():
    coro = set_var('n')
    try:
        asyncio.run(coro)
    except RuntimeError as e:
        print(e)
    coro.close()


asyncio.run(nested())
try:
    asyncio.run(5)
except (TypeError, ValueError) as e:
    print(type(e).__name__ in ('TypeError', 'ValueError'))
