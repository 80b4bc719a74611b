# /// lab
# title = "Generators that take turns"
# python = "3.13"
# cores = 1
# ///
from collections import deque

# A generator stops at yield and remembers where it was. A queue of them and a loop are a scheduler: one thread, no locks, and a switch only
# where the program says so.
# Look at: the lanes of the three generators. Change: their starts, or appendleft() in place of append().


def countdown(n):
    while n > 0:
        yield n
        n -= 1


tasks = deque([countdown(5), countdown(10), countdown(15)])
output = []
while tasks:
    task = tasks.popleft()
    try:
        output.append(next(task))
        tasks.append(task)
    except StopIteration:
        pass
print(*output)
