# Debug mode: where futures and tasks were made, coroutines that nobody awaited, and calls from the wrong thread.
import asyncio
import gc
import logging
import threading
import warnings

logging.basicConfig(format='%(name)s %(levelname)s %(message)s')


async def forgotten():
    pass


async def main():
    loop = asyncio.get_running_loop()
    print(loop.get_debug())
    future = loop.create_future()
    print(future._source_traceback[-1].name, future._source_traceback[-1].line)
    task = asyncio.create_task(asyncio.sleep(0))
    print(any(frame.line == "task = asyncio.create_task(asyncio.sleep(0))" for frame in task._source_traceback))
    await task
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        forgotten()
        gc.collect()
    print(caught[0].category.__name__, str(caught[0].message).splitlines()[0])

    def elsewhere():
        try:
            loop.call_soon(print)
        except RuntimeError as e:
            print(e)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    try:
        loop.call_soon(5)
    except TypeError as e:
        print(str(e).split(',')[0])
    coro = forgotten()
    try:
        loop.call_soon(coro)
    except TypeError as e:
        print(e)
    coro.close()


asyncio.run(main(), debug=True)


async def plain():
    print(asyncio.get_running_loop().get_debug(), asyncio.get_running_loop().create_future()._source_traceback)


asyncio.run(plain())
