# /// lab
# title = "Three processes, one CPU"
# python = "3.13"
# cores = 1
# os-scheduler = "round-robin"
# quantum = "10ms"
# ///
import os
import time

# The operating system gives each process a slice of time and takes the CPU away again: preemptive multitasking. None of them notices, and
# none sees the memory of another.
# Look at: core 0 goes from hand to hand every 10 ms. Change: os-scheduler = "cooperative" (as in Windows 3.0: whoever has the CPU keeps it
# until it waits), or cores = 3.

N = 300_000
counted = 0


def count():
    global counted
    while counted < N:
        counted += 1


children = []
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        count()
        os._exit(0 if counted == N else 1)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
print("three children counted to", N, "and the parent still has", counted)
