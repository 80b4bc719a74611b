import asyncio, os, signal, threading, time

# The event loop runs handlers of signals between its callbacks.
async def main():
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, lambda: (print('in the loop'), done.set()))
    loop.call_later(0.05, os.kill, os.getpid(), signal.SIGUSR1)
    await done.wait()
    done.clear()
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    await asyncio.wait_for(done.wait(), 5)
    print(loop.remove_signal_handler(signal.SIGUSR1), loop.remove_signal_handler(signal.SIGUSR1))
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print('cancelled by Ctrl-C')
        raise

start = time.monotonic()
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print('KeyboardInterrupt', time.monotonic() - start < 5)
