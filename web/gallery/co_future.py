# /// lab
# title = "Called, started, done"
# python = "3.13"
# cores = 1
# ///
import asyncio

# Calling a coroutine function runs nothing: it makes a coroutine object. A task puts it on the loop. A future is the bare promise of a
# result, which somebody sets. Asking too early is an error.
# Look at: when main() gives way and who runs then. Change: leave the first sleep out.


async def answer():
    await asyncio.sleep(0.010)
    return 42


async def main():
    coroutine = answer()
    print("called, it is a", type(coroutine).__name__)
    task = asyncio.create_task(coroutine)
    print("a task, done:", task.done())
    try:
        task.result()
    except asyncio.InvalidStateError as error:
        print("too early:", error)
    await asyncio.sleep(0.020)
    print("meanwhile done:", task.done(), task.result())

    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.010, future.set_result, "from outside")
    print("future done:", future.done())
    print(await future, future.done())

    lazy = asyncio.create_task(answer())
    await asyncio.sleep(0)
    lazy.cancel()
    try:
        await lazy
    except asyncio.CancelledError:
        print("cancelled:", lazy.cancelled())


asyncio.run(main())
