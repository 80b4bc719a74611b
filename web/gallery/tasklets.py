# /// lab
# title = "Tasklets, as in Stackless Python"
# python = "3.13"
# cores = 1
# ///
from collections import deque

from greenlet import getcurrent, greenlet

# A greenlet has a stack of its own: it can give way from the middle of any function, not only where yield or await stands. Stackless Python
# built its tasklets and channels on that.
# Look at: the lanes of the greenlets. Change: a third one, or an order of your own in schedule().

tasks = deque()


def give_way():
    tasks.append(getcurrent())
    tasks.popleft().switch()


def say(name, count):
    for n in range(count):
        deeper(name, n)
    if tasks:
        tasks.popleft().switch()


def deeper(name, n):            # an ordinary function
    print(name, n)
    give_way()


for name, count in (("ping", 3), ("pong", 2)):
    tasks.append(greenlet(lambda name=name, count=count: say(name, count)))
while tasks:
    tasks.popleft().switch()
print("all are done")
