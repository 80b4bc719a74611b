"""Times small programs: the paces of `crates/machine/src/profile/table.rs`; runs under Python 2.7 and every 3.x.

    for v in 2.7.18 3.9.18 3.13.0; do $(pyenv prefix $v)/bin/python tests/calibrate/versions.py; done

Prints the best of several rounds in ms and their geometric mean; a pace is that mean over 3.13's.
"""

from __future__ import print_function

import math
import sys
import time

clock = getattr(time, "perf_counter", time.time)


def count(n):
    while n > 0:
        n -= 1


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


class Point(object):
    def __init__(self, x):
        self.x = x

    def moved(self, by):
        return self.x + by


def methods(n):
    total, point = 0, Point(3)
    for i in range(n):
        total += point.moved(i)
        point.x = i & 7
    return total


def containers(n):
    table, seen = {}, []
    for i in range(n):
        table[i & 255] = i
        seen.append(table[i & 127] if i > 255 else 0)
        if len(seen) > 100:
            del seen[:]
    return len(table)


def floats(n):
    x = 0.5
    for i in range(n):
        x = x * 0.999 + i / (x + 1.0)
    return x


PROGRAMS = [(count, 1000000), (fib, 20), (methods, 100000), (containers, 100000), (floats, 200000)]


def best(function, argument):
    times = []
    for _ in range(9):
        begin = clock()
        function(argument)
        times.append(clock() - begin)
    return min(times) * 1e3


results = [(function.__name__, best(function, argument)) for function, argument in PROGRAMS]
mean = math.exp(sum(math.log(ms) for _, ms in results) / len(results))
print(sys.version.split()[0], "mean %.2f" % mean, " ".join("%s %.2f" % result for result in results))
