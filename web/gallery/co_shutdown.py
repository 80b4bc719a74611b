# /// lab
# title = "A signal, and a graceful shutdown"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio
import os
import signal

# Look at: the handler of the loop only sets an event; main cancels the workers, and each finishes what it has in hand.
# Change: remove add_signal_handler: the signal ends the program at once.

async def worker(name):
    try:
        while True:
            await asyncio.sleep(0.2)
    except asyncio.CancelledError:
        await asyncio.sleep(0.05)
        print(name, "has put its tools away")
        raise

async def main():
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    workers = [asyncio.create_task(worker(name), name=name) for name in ("Ann", "Bob", "Cem")]
    loop.call_later(0.5, os.kill, os.getpid(), signal.SIGTERM)
    await stop.wait()
    print("shutting down")
    for task in workers:
        task.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    print("good bye")

asyncio.run(main())
