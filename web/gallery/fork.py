# /// lab
# title = "A child for every core"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import os
import time

# os.fork() makes a copy of the whole process: memory, open files, everything.
# It returns twice: 0 in the child, the child's number in the parent. Each
# process has its own GIL, so two of them compute at the same time, and what
# a child changes stays in the child. Answers come back through a pipe.
N = 400_000
calls = 0

def count(n):
    global calls
    calls += 1
    while n > 0:
        n -= 1

def in_children(number):
    pipes = []
    for _ in range(number):
        reading, writing = os.pipe()
        if os.fork() == 0:
            count(N)
            os.write(writing, f"{os.getpid()} has counted, calls = {calls}\n".encode())
            os._exit(0)
        os.close(writing)                   # else the pipe never ends here
        pipes.append(reading)
    for reading in pipes:
        with open(reading) as answers:
            print(answers.read(), end="")
        pid, status = os.wait()

begin = time.perf_counter()
count(N); count(N)
print(f"one process, twice: {time.perf_counter() - begin:.4f} s")
begin = time.perf_counter()
in_children(2)
print(f"two children:       {time.perf_counter() - begin:.4f} s")
print(f"{os.getpid()} is the parent, calls = {calls}")
