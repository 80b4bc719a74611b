# /// lab
# title = "await or create_task"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio
import time

# Look at the tasks: awaiting a coroutine runs it here and now, create_task gives it a lane of its own.
# Change: create only one of the two tasks before the first await.

async def brew(what, seconds):
    await asyncio.sleep(seconds)
    return what

async def main():
    start = time.perf_counter()
    await brew("tea", 0.2)
    await brew("coffee", 0.3)
    print(f"one after the other: {time.perf_counter() - start:.1f} s")

    start = time.perf_counter()
    tea = asyncio.create_task(brew("tea", 0.2), name="tea")
    coffee = asyncio.create_task(brew("coffee", 0.3), name="coffee")
    print(await tea, "and", await coffee)
    print(f"as tasks: {time.perf_counter() - start:.1f} s")

asyncio.run(main())
