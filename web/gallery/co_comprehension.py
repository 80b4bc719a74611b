# /// lab
# title = "The wrong list comprehension"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio
import time

# Look at: [await f(x) for x in ...] awaits each one before it begins the next; gather begins all of them.
# Change: make the pages 20 and see which of the two times grows.

async def fetch(page):
    await asyncio.sleep(0.1)
    return page * page

async def main():
    pages = range(5)
    start = time.perf_counter()
    wrong = [await fetch(page) for page in pages]
    print(f"comprehension: {time.perf_counter() - start:.1f} s", wrong)

    start = time.perf_counter()
    right = await asyncio.gather(*[fetch(page) for page in pages])
    print(f"gather:        {time.perf_counter() - start:.1f} s", right)

asyncio.run(main())
