# Classes of the program's own that are like a future, and coroutines that are objects with `send` and `throw`.
import asyncio
import collections.abc


class Like:
    _asyncio_future_blocking = False

    def __init__(self, loop):
        self._loop = loop
        self.callbacks = []
        self.value = None

    def get_loop(self):
        print('asked for the loop')
        return self._loop

    def add_done_callback(self, fn, *, context):
        print('callback added', type(context).__name__)
        self.callbacks.append((fn, context))

    def finish(self, value):
        self.value = value
        for fn, context in self.callbacks:
            self._loop.call_soon(fn, self, context=context)

    def result(self):
        print('asked for the result')
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value

    def cancel(self, msg=None):
        print('cancel', msg)
        self.finish(asyncio.CancelledError(msg))
        return True

    def __await__(self):
        self._asyncio_future_blocking = True
        yield self
        return self.result()


class Steps(collections.abc.Coroutine):
    def __init__(self, future):
        self.future = future
        self.state = 0

    def send(self, value):
        self.state += 1
        print('send', value, self.state)
        if self.state == 1:
            return None
        if self.state == 2:
            self.future._asyncio_future_blocking = True
            return self.future
        raise StopIteration(f'ends at {self.state}')

    def throw(self, kind, value=None, traceback=None):
        print('throw', repr(kind))
        raise kind

    def close(self):
        print('close')

    def __await__(self):
        return self


async def wait(future):
    return await future


async def main():
    loop = asyncio.get_running_loop()
    like = Like(loop)
    loop.call_soon(like.finish, 'mine')
    print(await like)
    like = Like(loop)
    task = asyncio.create_task(wait(like))
    await asyncio.sleep(0)
    print(task._fut_waiter is like, like._asyncio_future_blocking)
    task.cancel('from outside')
    try:
        await task
    except asyncio.CancelledError as e:
        print('cancelled', e.args)
    future = loop.create_future()
    loop.call_later(0.001, future.set_result, 'x')
    print(await asyncio.Task(Steps(future), loop=loop))
    future = loop.create_future()
    task = asyncio.Task(Steps(future), loop=loop)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(task._fut_waiter is future)
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True))


asyncio.run(main())
