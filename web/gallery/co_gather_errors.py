# /// lab
# title = "gather, with and without return_exceptions"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio

# Look at: without return_exceptions the first error reaches main at once, and the other tasks go on by themselves.
# Change: let "b" fail too. Which error does main see?

async def job(name, seconds, fails=False):
    await asyncio.sleep(seconds)
    if fails:
        raise ValueError(name)
    print("done", name)
    return name

async def main():
    try:
        await asyncio.gather(job("a", 0.1, fails=True), job("b", 0.2))
    except ValueError as error:
        print("main sees", repr(error), "while b still runs")
    await asyncio.sleep(0.2)

    results = await asyncio.gather(job("c", 0.1, fails=True), job("d", 0.2), return_exceptions=True)
    print(results)

asyncio.run(main())
