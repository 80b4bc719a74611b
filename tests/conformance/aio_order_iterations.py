# What one iteration of the loop runs: callbacks added meanwhile wait for the next one; stop ends after the present one.
import asyncio

loop = asyncio.new_event_loop()
log = []


def cb(name, *then):
    log.append(name)
    for t in then:
        loop.call_soon(cb, *t)


def show(title):
    print(title, *log)
    log.clear()


loop.call_soon(cb, 'a', ('a1', ('a2',)), ('b1',))
loop.call_soon(cb, 'b', ('c1',))
loop.call_soon(loop.stop)
loop.call_soon(cb, 'after stop')
loop.run_forever()
show('one iteration:')
loop.call_soon(loop.stop)
loop.run_forever()
show('next:')
loop.run_until_complete(asyncio.sleep(0))
show('until a sleep is over:')


async def counts(name, n):
    for i in range(n):
        log.append(f'{name}{i}')
        await asyncio.sleep(0)


async def two():
    await asyncio.gather(counts('x', 3), counts('y', 2))


loop.run_until_complete(two())
show('two coroutines:')
# A task needs an iteration to begin, one to be woken, one for its callbacks.
t = loop.create_task(counts('t', 1))
t.add_done_callback(lambda t: log.append('done'))
for i in range(4):
    loop.call_soon(log.append, f'|{i}')
    loop.call_soon(loop.stop)
    loop.run_forever()
show('a task by iterations:')
f = loop.create_future()


async def waits():
    log.append('waits')
    log.append(await f)


t = loop.create_task(waits())
loop.call_soon(lambda: loop.call_soon(lambda: (log.append('set'), f.set_result('woken'))))
t.add_done_callback(lambda t: loop.stop())
loop.call_soon(cb, '1', ('2', ('3', ('4', ('5',)))))
loop.run_forever()
show('woken:')
handle = loop.call_soon(log.append, 'never')
loop.call_soon(log.append, 'kept')
handle.cancel()
loop.call_soon(loop.stop)
loop.run_forever()
show('a cancelled one:')


def stops_and_fails():
    loop.stop()
    raise SystemExit(3)


loop.call_soon(stops_and_fails)
loop.call_soon(log.append, 'left behind')
try:
    loop.run_forever()
except SystemExit as e:
    print('SystemExit', e.code)
show('then:')
loop.run_until_complete(asyncio.sleep(0))
show('and later:')
try:
    loop.run_until_complete(loop.create_future()) if loop.call_soon(loop.stop) else None
except RuntimeError as e:
    print(e)


async def nested():
    for call in (lambda: asyncio.run(asyncio.sleep(0)), loop.close):
        try:
            call()
        except RuntimeError as e:
            print(e)


import warnings
warnings.simplefilter('ignore')
loop.run_until_complete(nested())
print(loop.is_running(), loop.is_closed())
loop.close()
loop.close()
try:
    loop.call_soon(print)
except RuntimeError as e:
    print(e)
