# Threads and processes together: locks of threads in forks, queues between threads of processes, thread pools that start processes, asyncio with pools.
import asyncio
import multiprocessing as mp
import os
import queue
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def square(n):
    return n * n


def many_threads(results, count):
    def put(i):
        results.put((i, threading.current_thread().name == f't{i}'))
    threads = [threading.Thread(target=put, args=(i,), name=f't{i}') for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    local = queue.Queue()
    local.put(1)
    results.put((local.get(), threading.active_count() >= 1))


def from_thread(results):
    def begin():
        child = mp.Process(target=results.put, args=('from a child of a thread',))
        child.start()
        child.join()
        results.put(child.exitcode)
    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()


async def gather():
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2, mp_context=mp.get_context('fork')) as executor:
        numbers = await asyncio.gather(*(loop.run_in_executor(executor, square, n) for n in range(5)))
        ticks = 0
        slow = loop.run_in_executor(executor, time.sleep, 0.3)
        while not slow.done():
            ticks += 1
            await asyncio.sleep(0.05)
        return numbers, ticks > 2


async def children():
    process = await asyncio.create_subprocess_exec(sys.executable, '-c', 'print(input()[::-1])',
                                                   stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate(b'abc\n')
    return out, process.returncode


if __name__ == '__main__':
    mp.set_start_method('fork')
    results = mp.Queue()
    child = mp.Process(target=many_threads, args=(results, 4))
    child.start()
    print(sorted(results.get() for _ in range(5)), child.join(), child.exitcode)
    from_thread(results)
    print(sorted(str(results.get()) for _ in range(2)))
    with ThreadPoolExecutor(2) as executor:
        pools = [executor.submit(lambda n=n: mp.get_context('spawn').Pool(1).apply(square, (n,))) for n in (3, 4)]
        print([pool.result() for pool in pools])
    print(asyncio.run(gather()))
    print(asyncio.run(children()))
    print(os.getpid() != 0)
