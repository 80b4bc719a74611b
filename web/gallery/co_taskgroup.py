# /// lab
# title = "A task group whose task fails"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio

# Look at: one failure cancels the other tasks of the group, and async with ends only when all are over.
# Change: let two tasks fail at the same time; except* sees both.

async def step(name, seconds, fails=False):
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(name, "was cancelled")
        raise
    if fails:
        raise RuntimeError(name)
    print(name, "is done")

async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(step("quick", 0.1), name="quick")
            group.create_task(step("broken", 0.2, fails=True), name="broken")
            group.create_task(step("long", 0.9), name="long")
    except* RuntimeError as errors:
        print("failed:", *errors.exceptions)

asyncio.run(main())
