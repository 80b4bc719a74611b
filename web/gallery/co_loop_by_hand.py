# /// lab
# title = "The loop, step by step"
# python = "3.13"
# cores = 1
# ///
import asyncio

# What asyncio.run() does for you: make a loop, run it until the main coroutine is done, close it whatever happens. call_soon() puts a plain
# function on the loop's queue.
# Look at: the ready queue of the loop. Change: asyncio.run(main()), which also cancels what is left over.


def note(word):
    print("the loop calls:", word)


async def main():
    loop = asyncio.get_event_loop()
    loop.call_soon(note, "soon")
    loop.call_later(0.010, note, "later")
    print("main runs first")
    await asyncio.sleep(0.020)
    return "result of main"


loop = asyncio.new_event_loop()
try:
    print(loop.run_until_complete(main()))
finally:
    loop.close()
print("closed:", loop.is_closed())
