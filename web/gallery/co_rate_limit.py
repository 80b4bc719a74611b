# /// lab
# title = "A semaphore as a rate limit"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio
import time

# Look at: nine requests, three at a time. The others await the semaphore; each release wakes exactly one.
# Change: Semaphore(9).

async def request(number, slots):
    async with slots:
        await asyncio.sleep(0.1)
        return number

async def main():
    slots = asyncio.Semaphore(3)
    start = time.perf_counter()
    done = await asyncio.gather(*(request(n, slots) for n in range(9)))
    print(len(done), f"requests in {time.perf_counter() - start:.1f} s")

asyncio.run(main())
