# Loops and threads: run_coroutine_threadsafe, to_thread, executors, call_soon_threadsafe, a loop in a thread of its own.
import asyncio
import concurrent.futures
import contextvars
import threading
import time

var = contextvars.ContextVar('var', default='unset')


async def answer(x, fail=False):
    await asyncio.sleep(0.05)
    if fail:
        raise ValueError(x)
    return x * 2


def in_thread(loop):
    return threading.current_thread() is not threading.main_thread(), var.get()


async def main():
    loop = asyncio.get_running_loop()
    var.set('task')
    print(await asyncio.to_thread(in_thread, loop))
    print(await loop.run_in_executor(None, in_thread, loop))

    def caller():
        f = asyncio.run_coroutine_threadsafe(answer(21), loop)
        print('result', f.result(), f.done())
        f = asyncio.run_coroutine_threadsafe(answer('bad', True), loop)
        try:
            f.result()
        except ValueError as e:
            print('ValueError', e)
        f = asyncio.run_coroutine_threadsafe(asyncio.sleep(10), loop)
        try:
            f.result(0.1)
        except TimeoutError:
            print('timeout', f.cancel(), f.cancelled())
        return 'caller done'

    print(await asyncio.to_thread(caller))
    print('left over', len(asyncio.all_tasks()))
    with concurrent.futures.ThreadPoolExecutor(2, thread_name_prefix='pool') as pool:
        start = time.monotonic()
        names = await asyncio.gather(*(loop.run_in_executor(pool, lambda: (time.sleep(0.1), threading.current_thread().name)[1])
                                       for _ in range(4)))
        print(sorted(set(names)), round(time.monotonic() - start, 1))
    f = loop.create_future()
    threading.Timer(0.1, lambda: loop.call_soon_threadsafe(f.set_result, 'from a thread')).start()
    print(await f)
    wrapped = asyncio.wrap_future(concurrent.futures.ThreadPoolExecutor(1).submit(lambda: 'wrapped'))
    print(type(wrapped).__name__, await wrapped)
    # What blocks the loop blocks everybody; a thread does not.
    ticks = []

    async def ticker():
        while True:
            ticks.append(loop.time())
            await asyncio.sleep(0.05)

    t = asyncio.create_task(ticker())
    await asyncio.to_thread(time.sleep, 0.28)
    print(len(ticks) >= 5)
    n = len(ticks)
    time.sleep(0.28)
    print(len(ticks) - n)
    t.cancel()


asyncio.run(main())


class LoopThread(threading.Thread):
    def run(self):
        self.loop = asyncio.new_event_loop()
        self.loop.call_soon(ready.set)
        self.loop.run_forever()
        self.loop.close()


ready = threading.Event()
thread = LoopThread()
thread.start()
ready.wait()
print([asyncio.run_coroutine_threadsafe(answer(i), thread.loop).result() for i in range(3)])
thread.loop.call_soon_threadsafe(thread.loop.stop)
thread.join()
try:
    asyncio.run_coroutine_threadsafe(answer, thread.loop)
except TypeError as e:
    print(e)
try:
    thread.loop.call_soon_threadsafe(print)
except RuntimeError as e:
    print(e)
