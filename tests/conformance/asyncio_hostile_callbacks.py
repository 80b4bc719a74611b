# Futures whose callbacks, comparisons and loops work against them.
import asyncio


class Evil:
    def __init__(self, future):
        self.future, self.done = future, False

    def __eq__(self, other):
        if self.done:
            return False
        self.done = True
        self.future.remove_done_callback(int)
        self.future.add_done_callback(str)
        return False

    def __call__(self, future):
        print('evil called')


class Fails:
    def __eq__(self, other):
        raise ValueError('compared')


class Loop:
    def __init__(self, fail_at):
        self.calls, self.fail_at = [], fail_at

    def get_debug(self):
        return False

    def call_soon(self, callback, *args, context=None):
        if len(self.calls) == self.fail_at:
            raise OSError('no room')
        self.calls.append(callback)

    def call_exception_handler(self, context):
        print('handler:', context['message'])


loop = Loop(99)
future = asyncio.Future(loop=loop)
future.add_done_callback(Evil(future))
future.add_done_callback(int)
print(future.remove_done_callback(print))
future.cancel()
print(len(loop.calls) >= 2)

future = asyncio.Future(loop=loop)
future.add_done_callback(Fails())
try:
    future.remove_done_callback(5)
except ValueError as e:
    print(e)

failing = Loop(1)
future = asyncio.Future(loop=failing)
for callback in (int, str, float):
    future.add_done_callback(callback)
try:
    future.set_result(1)
except OSError as e:
    print(e, failing.calls, future.done(), future._callbacks)


class Recursive(Loop):
    def call_soon(self, callback, *args, context=None):
        try:
            args[0].set_result('again')
        except asyncio.InvalidStateError as e:
            print('InvalidStateError')
        args[0].add_done_callback(len) if len(self.calls) < 2 else None
        super().call_soon(callback, *args, context=context)


recursive = Recursive(99)
future = asyncio.Future(loop=recursive)
future.add_done_callback(int)
recursive.calls.append(None)
recursive.calls.append(None)
future.set_result('once')
print(future.result(), recursive.calls)


class BadDebug(Loop):
    def get_debug(self):
        raise KeyError('debug')


try:
    asyncio.Future(loop=BadDebug(0))
except KeyError as e:
    print(repr(e))
lost = asyncio.Future(loop=Loop(9))
lost.set_exception(ValueError('lost'))
del lost
