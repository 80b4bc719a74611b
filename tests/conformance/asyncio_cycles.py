# Tasks and futures in cycles are found by the collector, and weak references to them die with them.
import asyncio
import gc
import weakref


class Future(asyncio.Future):
    pass


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    ref = weakref.ref(future, lambda r: print('callback of a weak reference'))
    del future
    print(ref() is None)

    future = loop.create_future()
    future.me = future
    ref = weakref.ref(future)
    del future
    gc.collect()
    print(ref() is None)

    future = Future(loop=loop)
    future.set_result([future])
    ref = weakref.ref(future)
    del future
    gc.collect()
    print(ref() is None)

    a, b = loop.create_future(), loop.create_future()
    a.add_done_callback(b.set_result)
    b.add_done_callback(a.set_result)
    refs = [weakref.ref(a), weakref.ref(b)]
    del a, b
    gc.collect()
    print([r() for r in refs])

    async def holds():
        me = asyncio.current_task()
        return me

    task = asyncio.create_task(holds())
    await task
    ref = weakref.ref(task)
    print(task.result() is task)
    del task
    gc.collect()
    print(ref() is None)

    future = loop.create_future()
    try:
        raise ValueError('with a frame')
    except ValueError as e:
        future.set_exception(e)
    ref = weakref.ref(future)
    future.exception()
    del future
    gc.collect()
    print(ref() is None)
    print(len(asyncio.all_tasks()))


asyncio.run(main())
