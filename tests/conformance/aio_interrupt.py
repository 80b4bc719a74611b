# KeyboardInterrupt as since 3.11: Ctrl-C cancels the main task of a Runner; a second one breaks in; handlers of signals in a loop.
import asyncio
import os
import signal


async def interrupted():
    task = asyncio.current_task()
    asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGINT)
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print('cancelled', task.cancelling())
        raise
    finally:
        print('cleanup')


try:
    asyncio.run(interrupted())
except KeyboardInterrupt:
    print('KeyboardInterrupt out of run')


async def survives():
    os.kill(os.getpid(), signal.SIGINT)
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print('survived', asyncio.current_task().uncancel())
    return 'result'


print(asyncio.run(survives()))


async def busy():
    # No await: the interrupt is noticed at the next one.
    os.kill(os.getpid(), signal.SIGINT)
    print('still busy', signal.getsignal(signal.SIGINT) is not signal.default_int_handler)
    await asyncio.sleep(0)


try:
    with asyncio.Runner() as runner:
        runner.run(busy())
except KeyboardInterrupt:
    print('after the await')


async def twice():
    os.kill(os.getpid(), signal.SIGINT)
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print('first')
        os.kill(os.getpid(), signal.SIGINT)
        print('never printed')


try:
    asyncio.run(twice())
except KeyboardInterrupt:
    print('second one breaks in')
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)


async def handlers():
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def on_signal(name):
        print('handler', name, asyncio.current_task() is None)
        stop.set()

    loop.add_signal_handler(signal.SIGTERM, on_signal, 'TERM')
    loop.add_signal_handler(signal.SIGUSR1, print, 'USR1')
    os.kill(os.getpid(), signal.SIGUSR1)
    print('not yet')
    await asyncio.sleep(0.05)
    loop.call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)
    await stop.wait()
    print(loop.remove_signal_handler(signal.SIGTERM), loop.remove_signal_handler(signal.SIGTERM))
    for bad in (signal.SIGKILL, 1000):
        try:
            loop.add_signal_handler(bad, print)
        except (RuntimeError, ValueError) as e:
            print(type(e).__name__, e)
    try:
        loop.add_signal_handler(signal.SIGINT, handlers)
    except TypeError as e:
        print(e)


asyncio.run(handlers())
