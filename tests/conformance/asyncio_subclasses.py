# Subclasses of futures and tasks whose methods are overridden: which of them the loop goes through.
import asyncio


class Future(asyncio.Future):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.extra = 'attribute'

    def add_done_callback(self, fn, *, context=None):
        print('add_done_callback', getattr(fn, '__name__', fn))
        super().add_done_callback(fn, context=context)

    def set_result(self, result):
        print('set_result', result)
        super().set_result(result)

    def result(self):
        print('result')
        return super().result()

    def cancel(self, msg=None):
        print('cancel', msg)
        return super().cancel(msg)


class Task(asyncio.Task):
    def cancel(self, msg=None):
        print('task cancel', msg)
        return super().cancel(msg=msg)

    def get_coro(self):
        return 'hidden'


def factory(loop, coro, **kwargs):
    return Task(coro, loop=loop, **kwargs)


async def wait(future):
    return await future


async def main():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(factory)
    future = Future(loop=loop)
    print(future.extra)
    task = asyncio.create_task(wait(future), name='waiter')
    print(type(task).__name__, task.get_name(), task.get_coro(), task in asyncio.all_tasks())
    await asyncio.sleep(0)
    print(task._fut_waiter is future)
    future.set_result('value')
    print(await task)
    future = Future(loop=loop)
    task = asyncio.create_task(wait(future))
    task.set_name(3.5)
    print(task.get_name())
    await asyncio.sleep(0)
    task.cancel('stop')
    try:
        await task
    except asyncio.CancelledError as e:
        print(e.args, future.cancelled())
    async with asyncio.TaskGroup() as group:
        print(type(group.create_task(asyncio.sleep(0))).__name__)


asyncio.run(main())
