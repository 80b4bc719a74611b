# A loop that runs inside a callback of another loop's thread, forked children, and loops one after the other.
import asyncio
import os
import sys


async def child(name):
    await asyncio.sleep(0)
    return name, asyncio.current_task().get_name() != ''


loops = [asyncio.new_event_loop() for _ in range(3)]
print([loop.run_until_complete(child(n)) for n, loop in enumerate(loops)])




def callback():
    inner = asyncio.new_event_loop()
    coro = child('x')
    try:
        inner.run_until_complete(coro)
    except RuntimeError as e:
        print(e)
    coro.close()
    inner.close()


async def main():
    asyncio.get_running_loop().call_soon(callback)
    await asyncio.sleep(0)
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        print('child has a running loop:', asyncio._get_running_loop() is not None)
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(pid, 0)
    print('parent has one:', asyncio._get_running_loop() is not None)


asyncio.run(main())
for loop in loops:
    loop.close()
print([loop.is_closed() for loop in loops])
