# /// lab
# title = "as_completed: in the order of completion"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio

# Look at: main awaits "one of several" and goes on with whoever is done first.
# Change: iterate over the tasks themselves instead, and watch main wait for the slowest.

async def fetch(name, seconds):
    await asyncio.sleep(seconds)
    return name

async def main():
    tasks = [asyncio.create_task(fetch(name, seconds), name=name)
             for name, seconds in (("slow", 0.3), ("fast", 0.1), ("middle", 0.2))]
    for earliest in asyncio.as_completed(tasks):
        print(await earliest)

asyncio.run(main())
