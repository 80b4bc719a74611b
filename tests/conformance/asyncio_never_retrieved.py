# Exceptions that nobody asks for, and tasks destroyed while they wait, are told to the loop's exception handler.
import asyncio
import gc


def handler(loop, context):
    print('handler:', context['message'].split(' at ')[0], sorted(context))
    if 'exception' in context:
        print('  ', repr(context['exception']))


async def fails():
    raise ValueError('nobody asks')


async def waits(future):
    await future


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del task
    gc.collect()
    print('dropped a task')
    future = loop.create_future()
    future.set_exception(KeyError('k'))
    del future
    gc.collect()
    print('dropped a future')
    asked = loop.create_future()
    asked.set_exception(KeyError('asked'))
    asked.exception()
    del asked
    silenced = loop.create_future()
    silenced.set_exception(KeyError('silenced'))
    silenced._log_traceback = False
    del silenced
    gc.collect()
    print('nothing to tell')
    task = asyncio.create_task(waits(loop.create_future()))
    await asyncio.sleep(0)
    del task
    gc.collect()
    print('lost a pending task')
    quiet = asyncio.create_task(waits(loop.create_future()))
    quiet._log_destroy_pending = False
    await asyncio.sleep(0)
    del quiet
    gc.collect()
    print(len(asyncio.all_tasks()))
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)

    class Angry(asyncio.Future):
        def __del__(self):
            print('__del__ of a subclass', self.done())
            super().__del__()

    angry = Angry(loop=loop)
    angry.set_exception(OSError('angry'))
    del angry
    gc.collect()


asyncio.run(main())
