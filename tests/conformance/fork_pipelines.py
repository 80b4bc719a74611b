# Processes by os.fork alone: pipelines of pipes, workers that share a pipe, results by exit status, signals as messages, a pool with no library.
import os
import select
import signal
import struct
import sys
import time


def child(work, *args):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = work(*args) or 0
        finally:
            os._exit(status)
    return pid


def read_all(fd):
    parts = []
    while part := os.read(fd, 4096):
        parts.append(part)
    return b''.join(parts)


def stage(work, source, target, unused):
    for fd in unused:
        os.close(fd)
    os.write(target, work(read_all(source)))


ends = [os.pipe() for _ in range(4)]
works = (bytes.upper, lambda data: data[::-1], lambda data: data.replace(b'L', b'1'))
pids = []
for i, work in enumerate(works):
    source, target = ends[i][0], ends[i + 1][1]
    unused = [fd for pair in ends for fd in pair if fd not in (source, target)]
    pids.append(child(stage, work, source, target, unused))
os.write(ends[0][1], b'hello pipeline')
for pair in ends[:3]:
    os.close(pair[0])
    os.close(pair[1])
os.close(ends[3][1])
print(read_all(ends[3][0]), [os.waitpid(pid, 0)[1] for pid in pids])
os.close(ends[3][0])


def take(tasks, results):
    total = 0
    while True:
        task = os.read(tasks, 4)
        if len(task) < 4 or task == b'stop':
            break
        n, = struct.unpack('<I', task)
        os.write(results, struct.pack('<2I', n, n * n))
        total += 1
        time.sleep(0.01)
    return min(total, 100)


tasks, results = os.pipe(), os.pipe()
pids = [child(take, tasks[0], results[1]) for _ in range(3)]
for n in range(12):
    os.write(tasks[1], struct.pack('<I', n))
found = dict(struct.unpack('<2I', os.read(results[0], 8)) for _ in range(12))
for _ in pids:
    os.write(tasks[1], b'stop')
shares = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
print(sorted(found.items())[-1], len(found), sum(shares))

seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append('one'))
signal.signal(signal.SIGUSR2, lambda number, frame: seen.append('two'))


def tell(parent):
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR1):
        os.kill(parent, number)
        time.sleep(0.05)
    return 5


pid = child(tell, os.getpid())
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen)

read, write = os.pipe()
pids = [child(lambda n: time.sleep(0.1 * n) or os.write(write, bytes([n])) and n, n) for n in (3, 1, 2)]
os.close(write)
order = []
while True:
    ready, _, _ = select.select([read], [], [], 5)
    data = os.read(read, 1)
    if not data:
        break
    order.append(data[0])
print(order, sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in pids))
try:
    os.wait()
except ChildProcessError as error:
    print(error.errno)
