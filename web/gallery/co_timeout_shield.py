# /// lab
# title = "wait_for, and a shield against it"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio

# Look at: wait_for cancels what it waited for when the time is up; behind a shield the work goes on.
# Change: the timeout of the second one to 0.5.

async def save(name):
    try:
        await asyncio.sleep(0.2)
        print(name, "is saved")
        return name
    except asyncio.CancelledError:
        print(name, "was cut off")
        raise

async def main():
    try:
        await asyncio.wait_for(save("draft"), timeout=0.1)
    except TimeoutError:
        print("too slow")

    saving = asyncio.create_task(save("letter"), name="letter")
    try:
        await asyncio.wait_for(asyncio.shield(saving), timeout=0.1)
    except TimeoutError:
        print("too slow, but it goes on")
    print(await saving)

asyncio.run(main())
