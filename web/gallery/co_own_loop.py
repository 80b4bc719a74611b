# /// lab
# title = "An event loop from generators"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import time
from collections import deque

# Look at: no asyncio here: run() is the event loop. A task is a generator that yields how long it wants to sleep; each has a lane
# under "Driven by hand" from the second time on that it is resumed.
# Change: let a task yield 0 ten times, and see that the others still get their turns.

ready, asleep = deque(), []

def spawn(task):
    ready.append(task)

def run():
    while ready or asleep:
        if not ready:
            asleep.sort(key=lambda entry: entry[0])
            due, task = asleep.pop(0)
            time.sleep(max(0, due - time.monotonic()))
            ready.append(task)
        task = ready.popleft()
        try:
            seconds = next(task)
        except StopIteration:
            continue
        if seconds:
            asleep.append((time.monotonic() + seconds, task))
        else:
            ready.append(task)

def countdown(name, n, seconds):
    while n:
        print(name, n)
        yield seconds
        n -= 1

spawn(countdown("slow", 2, 0.3))
spawn(countdown("fast", 4, 0.1))
run()
print("nothing left to do")
