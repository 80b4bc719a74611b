# /// lab
# title = "Back-pressure: a full queue makes the producer wait"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio

# Look at: put() waits while the queue is full, so the producer runs at the consumer's pace.
# Change: maxsize=0, and see how far the producer runs ahead.

async def produce(queue):
    for n in range(6):
        await queue.put(n)
        print("put", n, "queue holds", queue.qsize())
    await queue.put(None)

async def consume(queue):
    while (item := await queue.get()) is not None:
        await asyncio.sleep(0.1)
    print("all consumed")

async def main():
    queue = asyncio.Queue(maxsize=2)
    async with asyncio.TaskGroup() as group:
        group.create_task(produce(queue), name="producer")
        group.create_task(consume(queue), name="consumer")

asyncio.run(main())
