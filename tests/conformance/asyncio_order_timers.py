# Timers that are due at the same time fire in the order of CPython's heap; cancelled ones leave no gap.
import asyncio

loop = asyncio.new_event_loop()
now = loop.time()
fired = []
handles = [loop.call_at(now + when / 1000, fired.append, f'{when}.{n}') for n, when in enumerate([3, 1, 2, 1, 3, 2, 1, 1, 3])]
handles[3].cancel()
handles[4].cancel()
print([h.cancelled() for h in handles])
loop.call_at(now + 0.02, loop.stop)
loop.run_forever()
print(fired)

a, b = loop.call_at(now + 5, print), loop.call_at(now + 6, print)
print(a < b, a <= b, a > b, a >= b, a == b, a != b, a < a, a <= a, a == loop.call_at(now + 5, print))
print(a.when() == now + 5, hash(a) == hash(now + 5))
try:
    a < 3
except TypeError as e:
    print(e)
loop.close()
