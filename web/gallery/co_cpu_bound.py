# /// lab
# title = "Work for the CPU, in the loop, in threads, in processes"
# python = "3.13"
# cores = 4
# seed = 1
# ///
import asyncio
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

# Look at: computing inside a coroutine blocks the loop, so the heart stops. In threads the loop lives, but the GIL lets
# only one of them compute at a time: it takes as long. Processes have a GIL each.
# Change: python = "3.13t", which has no GIL; cores = 1.

def count(n=2_000_000):
    total = 0
    for i in range(n):
        total += i
    return total

async def in_the_loop():
    return count()

async def measure(what, begin):
    beats = 0
    start = time.perf_counter()
    work = asyncio.gather(*(begin() for _ in range(4)))
    while not work.done():
        await asyncio.sleep(0.002)
        beats += 1
    took = time.perf_counter() - start
    print(f"{what}: the heart beats", "on" if beats > 4 else "hardly")
    return took

async def main():
    loop = asyncio.get_running_loop()
    alone = await measure("in the loop", in_the_loop)
    with ThreadPoolExecutor(4) as threads:
        shared = await measure("in threads", lambda: loop.run_in_executor(threads, count))
    with ProcessPoolExecutor(4) as processes:
        apart = await measure("in processes", lambda: loop.run_in_executor(processes, count))
    print("threads take as long:", 0.8 < shared / alone < 1.5)
    print("processes take a third or less:", apart / alone < 0.35)

asyncio.run(main())
