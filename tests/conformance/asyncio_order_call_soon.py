# Callbacks run in the order in which they were scheduled; what they schedule runs in the next iteration of the loop.
import asyncio

loop = asyncio.new_event_loop()
said = []


def first():
    said.append('first')
    loop.call_soon(third)


def second():
    said.append('second')
    loop.call_soon(fourth)
    loop.call_soon(last)


def third():
    said.append('third')


def fourth():
    said.append('fourth')


def last():
    said.append('last')
    loop.stop()
    loop.call_soon(said.append, 'after stop')


loop.call_soon(first)
loop.call_soon(second)
loop.run_forever()
print(said)
loop.run_until_complete(asyncio.sleep(0))
print(said)

handle = loop.call_soon(said.append, 'never')
handle.cancel()
print(handle.cancelled())
loop.run_until_complete(asyncio.sleep(0))
print(said)
loop.close()
try:
    loop.call_soon(print)
except RuntimeError as e:
    print(e)
