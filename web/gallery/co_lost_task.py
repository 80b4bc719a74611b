# /// lab
# title = "A task that nobody holds"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio
import gc

# Look at: the loop refers to its tasks weakly. "lost" waits for a future that nobody else knows: the collector takes both,
# and its lane ends with a red post. "kept" is the same, with a reference.
# Change: put the first task into the set too.

async def waits_for_ever():
    await asyncio.get_running_loop().create_future()

async def main():
    kept = set()
    asyncio.create_task(waits_for_ever(), name="lost")
    kept.add(asyncio.create_task(waits_for_ever(), name="kept"))
    await asyncio.sleep(0.1)
    gc.collect()
    await asyncio.sleep(0.1)
    print("alive:", *sorted(task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()))

asyncio.run(main())
