# mmap between processes: shared memory without a file, a file that two processes map on their own, private copies, growth, ends.
import mmap
import os
import struct
import time


def child(do, *args):
    pid = os.fork()
    if pid == 0:
        try:
            do(*args)
        finally:
            os._exit(0)
    return pid


def wait(*pids):
    return [os.waitpid(pid, 0)[1] for pid in pids]


shared = mmap.mmap(-1, 4096)
private = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE)
shared[:5] = private[:5] = b'start'


def change():
    shared[:5] = b'other'
    private[:5] = b'alone'
    print('child', shared[:5], private[:5], flush=True)


print(wait(child(change)), shared[:5], private[:5])


def add(at, n):
    for i in range(n):
        struct.pack_into('<I', shared, at, struct.unpack_from('<I', shared, at)[0] + 1)


print(wait(child(add, 64, 100), child(add, 68, 50)), struct.unpack_from('<2I', shared, 64))

with open('table', 'w+b') as file:
    file.truncate(8192)


def by_name(page, letter):
    with open('table', 'r+b') as file, mmap.mmap(file.fileno(), 4096, offset=4096 * page) as m:
        m[:10] = letter * 10


print(wait(child(by_name, 0, b'a'), child(by_name, 1, b'b')))
with open('table', 'rb') as file:
    data = file.read()
print(data[:12], data[4096:4108], len(data))


def ping(turns):
    for turn in range(turns):
        while shared[100] != 1:
            time.sleep(0.001)
        shared[101] += 1
        shared[100] = 0


pid = child(ping, 5)
for turn in range(5):
    shared[100] = 1
    while shared[100]:
        time.sleep(0.001)
print(wait(pid), shared[101])


def closes():
    shared.close()


print(wait(child(closes)), shared[:5], shared.closed)

with open('table', 'r+b') as file:
    m = mmap.mmap(file.fileno(), 0)


def cut():
    with open('table', 'r+b') as file:
        file.truncate(100)


def beyond():
    m[5000]


print(wait(child(cut)), m[:3], m[99:103], wait(child(beyond)))
m.close()
os.unlink('table')
