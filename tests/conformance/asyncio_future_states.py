# A future in each of its states: what its methods answer, and what they raise.
import asyncio


def tell(what, call):
    try:
        print(what, call())
    except BaseException as e:
        print(what, type(e).__name__, e)


def show(future):
    for name in ('done', 'cancelled', 'result', 'exception'):
        tell(name, getattr(future, name))
    print(future._state, future._result, repr(future._exception), future._log_traceback, future._cancel_message)


async def main():
    loop = asyncio.get_running_loop()
    pending = loop.create_future()
    show(pending)
    print(pending.get_loop() is loop, pending._loop is loop, pending._callbacks, pending._asyncio_future_blocking)
    finished = loop.create_future()
    finished.set_result([1])
    show(finished)
    tell('again', lambda: finished.set_result(2))
    tell('again', lambda: finished.set_exception(ValueError()))
    tell('cancel', finished.cancel)
    failed = loop.create_future()
    tell('class', lambda: failed.set_exception(ZeroDivisionError))
    show(failed)
    cancelled = loop.create_future()
    tell('cancel', lambda: cancelled.cancel(msg='because'))
    show(cancelled)
    for wrong in (5, int, 'text'):
        tell('wrong', lambda: loop.create_future().set_exception(wrong))
    stop = loop.create_future()
    stop.set_exception(StopIteration(3))
    tell('stop', stop.result)
    print(repr(stop.exception().__cause__))

    def set_log():
        pending._log_traceback = True

    tell('log', set_log)
    tell('no loop', lambda: asyncio.Future(loop=5))
    tell('extra', lambda: asyncio.Future(5))
    tell('late', lambda: asyncio.Future.__new__(asyncio.Future).result())
    tell('late', lambda: asyncio.Future.__new__(asyncio.Future).set_result(1))
    tell('late', lambda: asyncio.Future.__new__(asyncio.Future).done())
    tell('late', lambda: asyncio.Future.__new__(asyncio.Future).add_done_callback(print))
    tell('task', lambda: asyncio.current_task().set_result(1))
    tell('task', lambda: asyncio.current_task().set_exception(ValueError()))
    print(asyncio.Future[int], asyncio.Task[str], asyncio.isfuture(pending), asyncio.isfuture(5))


asyncio.run(main())
