# Debug mode: slow callbacks, calls from the wrong thread, coroutines never awaited with their origin, and what the loop says of itself.
import asyncio
import gc
import logging
import re
import sys
import threading
import time
import warnings


class Lines(logging.Handler):
    def emit(self, record):
        text = record.getMessage()
        text = re.sub(r'took \d\.\d', 'took D.D', text)
        text = re.sub(r'\d\d seconds', 'seconds', text)
        text = re.sub(r'0x[0-9a-f]+', '0x', text)
        text = re.sub(r'(/\S*/)?(\w+\.py):\d+', r'\2:N', text)
        print(record.levelname, '|', text)


log = logging.getLogger('asyncio')
log.addHandler(Lines())
log.propagate = False
log.setLevel(logging.WARNING)
warnings.simplefilter('always')


def show(message, category, filename, lineno, file=None, line=None):
    first = str(message).split('\n')
    print(category.__name__, '|', first[0], '|', len(first) > 1 and re.sub(r'"[^"]*", line \d+', 'F', first[-2].strip()))


warnings.showwarning = show


async def slow():
    time.sleep(0.2)


def slow_callback(n):
    time.sleep(n)


async def forgotten():
    pass


async def main():
    loop = asyncio.get_running_loop()
    print(loop.get_debug(), loop.slow_callback_duration, sys.get_coroutine_origin_tracking_depth() > 0)
    await asyncio.create_task(slow(), name='the slow one')
    loop.call_soon(slow_callback, 0.15)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    loop.slow_callback_duration = 0.5
    loop.call_soon(slow_callback, 0.3)
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    def elsewhere():
        for call in (loop.call_soon, lambda f: loop.call_later(1, f)):
            try:
                call(print)
            except RuntimeError as e:
                print('RuntimeError', e)

    t = threading.Thread(target=elsewhere)
    t.start()
    t.join()
    forgotten()
    gc.collect()
    try:
        loop.call_soon(forgotten)
    except TypeError as e:
        print('TypeError', re.sub('0x[0-9a-f]+', '0x', str(e)).split(' at')[0])
    try:
        loop.call_soon('not callable')
    except TypeError as e:
        print('TypeError', e)
    fut = loop.create_future()
    print(re.sub(r'(/\S*/)?\w+\.py:\d+', 'F', repr(fut)))
    fut.cancel()


loop = asyncio.new_event_loop()
loop.set_debug(True)
loop.run_until_complete(main())
loop.close()
print(loop.is_closed(), sys.get_coroutine_origin_tracking_depth())
