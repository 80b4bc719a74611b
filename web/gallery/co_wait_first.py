# /// lab
# title = "wait until the first is done"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio

# Look at: wait() cancels nobody. The two slower mirrors go on until main cancels them: the crosses on the timeline.
# Change: FIRST_COMPLETED to ALL_COMPLETED.

async def mirror(name, seconds):
    await asyncio.sleep(seconds)
    return name

async def main():
    tasks = {asyncio.create_task(mirror(name, seconds), name=name)
             for name, seconds in (("Oslo", 0.30), ("Lima", 0.15), ("Pune", 0.22))}
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print("first:", *(task.result() for task in done))
    print("still under way:", *sorted(task.get_name() for task in pending))
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    print("cancelled:", all(task.cancelled() for task in pending))

asyncio.run(main())
