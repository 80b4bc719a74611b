# /// lab
# title = "Time is up, tasks go on"
# python = "3.13"
# cores = 1
# ///
import asyncio

# as_completed() and wait() can be given a time-out. Both only stop waiting: as_completed() raises TimeoutError, wait() returns what is done
# so far. Neither cancels anybody.
# Look at: "slow", which goes on after both. Change: asyncio.wait_for(slow, 0.1), which does cancel.


async def work(name, seconds):
    await asyncio.sleep(seconds)
    return name


async def main():
    quick, slow = (asyncio.create_task(work(name, seconds), name=name) for name, seconds in (("quick", 0.05), ("slow", 0.4)))
    try:
        for earliest in asyncio.as_completed([quick, slow], timeout=0.1):
            print("completed:", await earliest)
    except TimeoutError:
        print("time is up for as_completed; slow is cancelled:", slow.cancelled())
    done, pending = await asyncio.wait([quick, slow], timeout=0.1)
    print("wait gives up too:", len(done), "done,", len(pending), "pending")
    print("later:", await slow)


asyncio.run(main())
