# The stack of a task: where it waits, where it failed, and nothing when it is done.
import asyncio
import io


async def inner():
    await asyncio.sleep(1000)


async def outer():
    await inner()


async def fails():
    await asyncio.sleep(0)
    raise ValueError('here')


async def main():
    task = asyncio.create_task(outer(), name='T')
    print([f.f_code.co_name for f in task.get_stack()])
    await asyncio.sleep(0)
    print([f.f_code.co_name for f in task.get_stack()], task.get_coro().cr_await.__name__)
    out = io.StringIO()
    task.print_stack(file=out)
    lines = out.getvalue().splitlines()
    print(lines[0].split(' coro')[0], len(lines), lines[-1].strip())
    print([f.f_code.co_name for f in asyncio.current_task().get_stack(limit=1)])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    print(task.get_stack())
    task = asyncio.create_task(fails(), name='F')
    await asyncio.wait([task])
    print([f.f_code.co_name for f in task.get_stack()])
    out = io.StringIO()
    task.print_stack(file=out, limit=3)
    lines = out.getvalue().splitlines()
    print(lines[0].split(' coro')[0], lines[-2].strip(), lines[-1])
    task.exception()


asyncio.run(main())
