# /// lab
# title = "My tasks"
# python = "3.13"
# cores = 1
# ///
import asyncio


async def work(name):
    await asyncio.sleep(0.01)
    print("hello from", name)


async def main():
    async with asyncio.TaskGroup() as group:
        for name in ("A", "B"):
            group.create_task(work(name), name=name)


asyncio.run(main())
