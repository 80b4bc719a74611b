# /// lab
# title = "A decorator that times coroutines"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio
import functools
import time

# Look at: the decorator awaits the coroutine, so it measures waiting too: both report what they took, main the longest.
# Change: forget the await in the wrapper, and see what it measures then.

def timed(function):
    @functools.wraps(function)
    async def wrapper(*args):
        start = time.perf_counter()
        try:
            return await function(*args)
        finally:
            print(f"{function.__name__}{args} took {time.perf_counter() - start:.1f} s")
    return wrapper

@timed
async def delay(seconds):
    await asyncio.sleep(seconds)
    return seconds

@timed
async def main():
    tasks = [asyncio.create_task(delay(n)) for n in (2, 3)]
    for task in tasks:
        await task

asyncio.run(main())
