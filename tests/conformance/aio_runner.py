# Runner and run: several runs on one loop, what is cancelled and shut down at the end, contexts, factories, misuse.
import asyncio
import contextvars

var = contextvars.ContextVar('var', default='unset')


async def put(x):
    var.set(x)


async def get():
    return var.get()


async def background(name):
    try:
        await asyncio.sleep(100)
    finally:
        print(name, 'finally')
        await asyncio.sleep(0)
        print(name, 'cleaned up')


async def leaves_tasks():
    for name in 'ab':
        asyncio.create_task(background(name))

    async def g():
        try:
            yield 1
        finally:
            print('generator closed')

    global left
    left = g()
    await anext(left)
    await asyncio.to_thread(print, 'default executor used')
    return 'main is over'


print(asyncio.run(leaves_tasks()))
with asyncio.Runner() as runner:
    loop = runner.get_loop()
    runner.run(put('kept'))
    print(runner.run(get()), var.get(), runner.get_loop() is loop)
    print(runner.run(get(), context=contextvars.Context()))
    runner.run(asyncio.sleep(0))
print(loop.is_closed())
try:
    runner.run(asyncio.sleep(0))
except RuntimeError as e:
    print(e)


class MyLoop(asyncio.SelectorEventLoop):
    def run_forever(self):
        print('my loop runs')
        super().run_forever()


print(type(asyncio.run(asyncio.sleep(0, 'x'), loop_factory=MyLoop)).__name__)


async def fails_at_the_end():
    async def bad():
        try:
            await asyncio.sleep(100)
        finally:
            raise ValueError('in cleanup')

    asyncio.get_running_loop().set_exception_handler(lambda loop, c: print(c['message'], repr(c['exception'])))
    asyncio.create_task(bad())
    await asyncio.sleep(0)


asyncio.run(fails_at_the_end())


async def inside():
    c = asyncio.sleep(0)
    try:
        asyncio.run(c)
    except RuntimeError as e:
        print(e)
    c.close()
    print(asyncio.get_event_loop() is asyncio.get_running_loop())


asyncio.run(inside())
try:
    asyncio.get_running_loop()
except RuntimeError as e:
    print(e)
print(asyncio.run(get(), debug=True))
