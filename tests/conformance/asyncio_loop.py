# CPython's asyncio: tasks, timers, cancellation, queues, streams, threads and signals, in the order of its event loop.
import asyncio
import contextvars
import signal
import threading
import time


async def sleeper(name, delay):
    print(name, 'begins')
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print(name, 'cancelled')
        raise
    print(name, 'ends')
    return name


async def tasks():
    print(await asyncio.gather(sleeper('slow', 0.02), sleeper('fast', 0.01)))
    results = await asyncio.gather(sleeper('good', 0), fail('bad'), return_exceptions=True)
    print([r if isinstance(r, str) else repr(r) for r in results])
    done, pending = await asyncio.wait(
        [asyncio.create_task(sleeper('w1', 0.01)), asyncio.create_task(sleeper('w2', 5))], return_when=asyncio.FIRST_COMPLETED
    )
    print(len(done), len(pending))
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    tasks = [asyncio.create_task(sleeper(name, delay)) for name, delay in [('b', 0.02), ('a', 0.01)]]
    for future in asyncio.as_completed(tasks):
        print('completed', await future)


async def fail(text):
    await asyncio.sleep(0)
    raise ValueError(text)


async def limits():
    try:
        await asyncio.wait_for(sleeper('late', 10), 0.01)
    except TimeoutError as error:
        print('wait_for', repr(error))
    try:
        async with asyncio.timeout(0.01):
            await sleeper('later', 10)
    except TimeoutError:
        print('timeout')
    task = asyncio.create_task(sleeper('shielded', 0.02))
    try:
        await asyncio.wait_for(asyncio.shield(task), 0.01)
    except TimeoutError:
        print('still running', not task.done())
    print(await task)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(sleeper('sibling', 10))
            group.create_task(fail('group'))
    except* ValueError as caught:
        print(caught.exceptions)


async def order():
    loop = asyncio.get_running_loop()
    loop.call_soon(print, 'soon 1')
    loop.call_later(0.02, print, 'later 2')
    loop.call_later(0.01, print, 'later 1')
    loop.call_soon(print, 'soon 2')
    handle = loop.call_soon(print, 'never')
    handle.cancel()
    print('before')
    await asyncio.sleep(0)
    print('after')
    await asyncio.sleep(0.05)


async def queues():
    queue = asyncio.Queue(2)

    async def producer():
        for i in range(5):
            await queue.put(i)
            print('put', i)

    async def consumer():
        while True:
            item = await queue.get()
            print('got', item)
            queue.task_done()

    worker = asyncio.create_task(consumer())
    await producer()
    await queue.join()
    worker.cancel()
    lock, event, semaphore = asyncio.Lock(), asyncio.Event(), asyncio.Semaphore(2)

    async def user(n):
        async with semaphore:
            async with lock:
                print('in', n)
                await asyncio.sleep(0)
        await event.wait()
        return n

    users = [asyncio.create_task(user(n)) for n in range(4)]
    await asyncio.sleep(0.01)
    event.set()
    print([await u for u in users])


async def streams():
    async def echo(reader, writer):
        while line := await reader.readline():
            writer.write(line[::-1])
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    for text in b'abc\n', b'12345\n':
        writer.write(text)
        print(await reader.readexactly(len(text)))
    writer.write_eof()
    print(await reader.read())
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()


variable = contextvars.ContextVar('variable', default='none')


async def threads():
    loop = asyncio.get_running_loop()
    variable.set('task')
    print(await asyncio.to_thread(lambda: (variable.get(), threading.current_thread() is threading.main_thread())))
    future = loop.create_future()
    threading.Timer(0.01, loop.call_soon_threadsafe, (future.set_result, 'from a thread')).start()
    print(await future)
    await loop.run_in_executor(None, time.sleep, 0.01)
    result = await asyncio.to_thread(lambda: asyncio.run_coroutine_threadsafe(sleeper('inner', 0.01), loop).result())
    print(result)


async def signals():
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, arrived.set)
    signal.raise_signal(signal.SIGUSR1)
    await asyncio.wait_for(arrived.wait(), 5)
    print('signal', loop.remove_signal_handler(signal.SIGUSR1))


async def generator(log):
    try:
        for i in range(10):
            yield i
            await asyncio.sleep(0)
    finally:
        log.append('closed')


async def generators():
    log = []
    async for i in generator(log):
        if i == 2:
            break
    print([j async for j in generator(log) if j % 4 == 0])
    await asyncio.sleep(0.01)
    print(log)


for main in tasks, limits, order, queues, streams, threads, signals, generators:
    print('---', main.__name__)
    asyncio.run(main())

try:
    asyncio.get_running_loop()
except RuntimeError as error:
    print(error)
with asyncio.Runner() as runner:
    print(runner.run(sleeper('r1', 0)), runner.run(sleeper('r2', 0)))
start = time.monotonic()
asyncio.run(asyncio.sleep(0.2))
print(0.2 <= time.monotonic() - start < 1)
