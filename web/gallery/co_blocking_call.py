# /// lab
# title = "A blocking call stops everybody"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio
import time

# Look at: while report() sleeps with time.sleep the loop is one long red callback, and the heart does not beat.
# Change: await asyncio.to_thread(time.sleep, 0.3).

async def heart():
    last = time.perf_counter()
    for _ in range(6):
        await asyncio.sleep(0.1)
        now = time.perf_counter()
        print(f"beat after {now - last:.1f} s")
        last = now

async def report():
    await asyncio.sleep(0.25)
    time.sleep(0.3)

async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(heart(), name="heart")
        group.create_task(report(), name="report")

asyncio.run(main())
