# /// lab
# title = "Cancelling, and cleaning up"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio

# Look at: cancel() only asks. CancelledError arrives at the await where the task stands, and finally may await too.
# Change: catch CancelledError in worker without raising it again: cancelled() is then False.

async def worker():
    print("opened")
    try:
        while True:
            await asyncio.sleep(0.1)
            print("working")
    finally:
        await asyncio.sleep(0.05)
        print("closed")

async def main():
    task = asyncio.create_task(worker(), name="worker")
    await asyncio.sleep(0.25)
    task.cancel()
    print("cancelled already?", task.cancelled())
    try:
        await task
    except asyncio.CancelledError:
        print("now it is:", task.cancelled())

asyncio.run(main())
