# /// lab
# title = "asyncio in debug mode"
# python = "3.13"
# cores = 1
# ///
import asyncio
import logging
import time
import warnings

# In debug mode the loop tells of callbacks that take longer than 100 ms, and where a coroutine that nobody awaited was made. It is turned
# on by asyncio.run(debug=True), loop.set_debug(True) or PYTHONASYNCIODEBUG=1.
# Look at: the long callback on the loop's lane. Change: debug=False, and both go by in silence.

told = []
logging.getLogger("asyncio").addHandler(logging.StreamHandler())
logging.getLogger("asyncio").addFilter(lambda record: told.append(record.getMessage()))


async def forgotten():
    pass


async def blocks():
    time.sleep(0.150)           # should have been asyncio.sleep


async def main():
    await asyncio.create_task(blocks())
    forgotten()


with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    asyncio.run(main(), debug=True)
print("slow:", any("took 0.15" in message for message in told))
print("warned:", str(seen[0].message).splitlines()[0])
