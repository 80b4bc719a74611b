# What futures, tasks, handles and coroutines look like.
import asyncio
import re


def plain(v):
    text = re.sub(r'0x[0-9a-f]+', '0x..', repr(v))
    return re.sub(r'at /[^ >]*/([a-z_]+\.py)', r'at \1', text)


def callback(f):
    pass


async def coroutine():
    await asyncio.sleep(1000)


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    print(future)
    for _ in range(3):
        future.add_done_callback(callback)
        print(re.sub(r'callback\(\) at [^,\]]*', 'callback()', plain(future)))
    future.set_result('x' * 100)
    print(future)
    failed = loop.create_future()
    failed.set_exception(ValueError('no'))
    print(failed)
    failed.exception()
    cancelled = loop.create_future()
    cancelled.cancel()
    print(cancelled)
    loops_in_itself = loop.create_future()
    loops_in_itself.set_result([loops_in_itself])
    print(loops_in_itself)
    task = asyncio.create_task(coroutine(), name='the task')
    print(re.sub(r'running at [^>]*', 'running at ..', repr(task)))
    await asyncio.sleep(0)
    print(re.sub(r'running at [^>]*|at 0x\w+', '..', repr(task)))
    task.cancel()
    print(re.sub(r'running at [^>]*|at 0x\w+', '..', repr(task)))
    await asyncio.gather(task, return_exceptions=True)
    print(re.sub(r'defined at [^>]*', 'defined at ..', repr(task)))

    class Sub(asyncio.Future):
        pass

    print(Sub(loop=loop), asyncio.Future.__name__, asyncio.Task.__qualname__)
    future = loop.create_future()
    print(type(iter(future)).__name__, type(future.__await__()).__name__)


asyncio.run(main())
