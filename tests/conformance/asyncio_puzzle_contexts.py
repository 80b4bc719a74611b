# A task runs in a copy of the context in which it was made; callbacks of a future in the one in which they were added.
import asyncio
import contextvars

var = contextvars.ContextVar('var', default='unset')


async def child(name):
    print(name, 'sees', var.get())
    var.set(name)
    await asyncio.sleep(0)
    print(name, 'has', var.get())
    return var.get()


async def main():
    var.set('main')
    a = asyncio.create_task(child('a'))
    var.set('main later')
    b = asyncio.create_task(child('b'))
    print(await a, await b, var.get())

    loop = asyncio.get_running_loop()
    future = loop.create_future()
    future.add_done_callback(lambda f: print('callback in', var.get()))
    other = contextvars.copy_context()
    other.run(var.set, 'other')
    future.add_done_callback(lambda f: print('callback in', var.get()), context=other)
    var.set('after')
    future.set_result(None)
    await future

    shared = contextvars.copy_context()
    task = asyncio.create_task(child('shared'), context=shared)
    print(task.get_context() is shared)
    await task
    print(var.get(), shared[var])
    loop.call_soon(lambda: print('call_soon in', var.get()))
    var.set('even later')
    await asyncio.sleep(0)
    print(await child('awaited'), var.get())

    def nested():
        try:
            shared.run(shared.run, print)
        except RuntimeError as e:
            print(str(e).split(':')[0])

    nested()


asyncio.run(main())
print(var.get())
