# /// lab
# title = "Errors that nobody asks for"
# python = "3.13"
# cores = 1
# ///
import asyncio

# An exception stays in its task until somebody awaits the task. If nobody does, the loop can only mention it when the task is thrown away,
# and the program goes on as if nothing had happened.
# Look at: the task that ends long before its error is told. Change: await the second one too, or use a TaskGroup.


async def fail(name):
    await asyncio.sleep(0.005)
    raise ValueError(name)


def mention(loop, context):
    print("the loop mentions:", context["message"], repr(context["exception"]))


async def main():
    asyncio.get_running_loop().set_exception_handler(mention)
    first, second = asyncio.create_task(fail("first")), asyncio.create_task(fail("second"))
    await asyncio.sleep(0.010)
    print("both are done, nobody has noticed")
    try:
        await first
    except ValueError as error:
        print("awaited:", error)
    del second                  # the last reference to its error
    print("main goes on")


asyncio.run(main())
