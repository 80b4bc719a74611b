# Each interpreter stays below the limit, all together do not.
from concurrent import interpreters

kept = []
for _ in range(6):
    one = interpreters.create()
    kept.append(one)
    one.exec('x = bytearray(6_000_000)')
    print('one more', flush=True)
