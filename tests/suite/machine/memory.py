# Processes that fork until there is no memory left for another one, and three that grow at the same time.
import os
import time

data = bytearray(20_000_000)
children = []
r, w = os.pipe()
while True:
    try:
        pid = os.fork()
    except OSError as error:
        print(type(error).__name__, error.errno, len(children), flush=True)
        break
    if pid == 0:
        os.close(w)
        os.read(r, 1)
        os._exit(0)
    children.append(pid)
os.close(w)
for pid in children:
    os.waitpid(pid, 0)


def grow(n):
    pid = os.fork()
    if pid == 0:
        try:
            more = bytearray(n)
            time.sleep(0.01)
        except MemoryError:
            os._exit(1)
        os._exit(0)
    return pid


children = [grow(40_000_000) for _ in range(3)]
print(sorted(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children))
