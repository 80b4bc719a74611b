# /// lab
# title = "x = x + 1 against x = x - 1"
# python = "3.9"
# cores = 2
# switch-interval = "1ms"
# ///
import threading

# One thread adds, the other subtracts, as often. If the GIL changes hands between the read and the write of a line, one of the two steps
# is lost, so what is left is anything but zero. Python 3.9 may switch between any two of these bytecodes.
# Look at: the two writes around a switch. Change: python = "3.13" (switches only at jumps back and calls), the seed, or add a lock.

N = 100_000
x = 0


def add():
    global x
    for _ in range(N):
        x = x + 1


def subtract():
    global x
    for _ in range(N):
        x = x - 1


threads = [threading.Thread(target=add, name="add"), threading.Thread(target=subtract, name="subtract")]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("left:", "nothing" if x == 0 else "updates were lost")
