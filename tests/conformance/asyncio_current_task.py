# The running loop, the current task, and the functions by which other task classes take part.
import asyncio


class Other:
    def __init__(self, loop, name):
        self.loop, self.name = loop, name

    def get_loop(self):
        return self.loop

    def done(self):
        return False

    def __repr__(self):
        return f'<Other {self.name}>'


def attempt(call, *args):
    try:
        print(call.__name__, call(*args))
    except RuntimeError as e:
        print(call.__name__, 'RuntimeError', type(e.__context__).__name__)


print(asyncio._get_running_loop())
attempt(asyncio.get_running_loop)
attempt(asyncio.current_task)
attempt(asyncio.all_tasks)


async def main():
    loop = asyncio.get_running_loop()
    print(asyncio.get_event_loop() is loop, asyncio._get_running_loop() is loop)
    me = asyncio.current_task()
    print(me in asyncio.all_tasks(), asyncio.current_task(loop) is me, asyncio.all_tasks(loop) == {me})
    a, b = Other(loop, 'a'), Other(loop, 'b')
    asyncio._register_task(a)
    print(sorted(map(repr, asyncio.all_tasks() - {me})))
    asyncio._unregister_task(a)
    print(len(asyncio.all_tasks()))

    def callback():
        print(asyncio.current_task())
        asyncio._enter_task(loop, a)
        print(asyncio.current_task())
        attempt(asyncio._enter_task, loop, b)
        attempt(asyncio._leave_task, loop, b)
        asyncio._leave_task(loop, a)
        print(asyncio.current_task())

    loop.call_soon(callback)
    await asyncio.sleep(0)
    print(asyncio.current_task() is me)

    other = asyncio.new_event_loop()
    print(asyncio.current_task(other))
    coro = asyncio.sleep(0)
    try:
        other.run_until_complete(coro)
    except RuntimeError as e:
        print(e)
    coro.close()
    other.close()


coro = main()
asyncio.run(coro)
print(asyncio._get_running_loop())
