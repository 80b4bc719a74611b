# Loops in several threads, calls into a loop from another thread, and threads that a loop waits for.
import asyncio
import threading


async def add(a, b):
    await asyncio.sleep(0)
    return a + b, threading.current_thread().name


def run_loop(results, name):
    async def main():
        return await asyncio.gather(*(add(name, str(n)) for n in range(3)))

    results[name] = [r[0] for r in asyncio.run(main())]


results = {}
threads = [threading.Thread(target=run_loop, args=(results, n)) for n in 'abc']
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(results.items()))

loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever, name='looper')
thread.start()
future = asyncio.run_coroutine_threadsafe(add(1, 2), loop)
print(type(future).__module__, future.result())
future = asyncio.run_coroutine_threadsafe(asyncio.sleep(1000), loop)
print(future.cancel(), future.cancelled())
print(asyncio.current_task(loop))


async def fail():
    raise ValueError('in the loop')


print(repr(asyncio.run_coroutine_threadsafe(fail(), loop).exception()))
loop.call_soon_threadsafe(loop.stop)
thread.join()
loop.close()


async def main():
    def blocking(n):
        return n * 2, threading.current_thread() is threading.main_thread()

    print(await asyncio.to_thread(blocking, 21))
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(*(loop.run_in_executor(None, blocking, n) for n in range(3))))
    event = asyncio.Event()
    timer = threading.Thread(target=loop.call_soon_threadsafe, args=(event.set,))
    timer.start()
    print(await event.wait())
    timer.join()


asyncio.run(main())
