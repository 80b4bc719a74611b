# A collection cannot begin inside another: neither in a callback of the collector, nor in a finalizer of garbage.

import gc

gc.collect()
gc.disable()


class Node:
    def __init__(self):
        self.me = self

    def __del__(self):
        print('finalizer', gc.collect())


def told(phase, info):
    print(phase, info['generation'], sorted(info), gc.collect(), gc.collect(0))


gc.callbacks.append(told)
gc.collect()
Node()
print(gc.collect() > 0)
print(gc.collect(1))


def fails(phase, info):
    raise ValueError(phase)


import sys

sys.unraisablehook = lambda u: print('ignored', u.exc_value)
gc.callbacks.append(fails)
gc.collect()
del gc.callbacks[:]
Node()
print(gc.collect() > 0)
