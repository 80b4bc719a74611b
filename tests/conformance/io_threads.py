# Streams that several threads use: a buffer lets one in at a time, whole writes stay whole.
import io
import os
import tempfile
import threading
import time

os.chdir(tempfile.mkdtemp())


def together(count, work):
    threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


class Slow(io.RawIOBase):
    def __init__(self):
        self.parts = []
        self.inside = 0
        self.most = 0

    def readable(self):
        return True

    def writable(self):
        return True

    def write(self, data):
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.001)
        self.parts.append(bytes(data))
        self.inside -= 1
        return len(data)

    def readinto(self, buffer):
        time.sleep(0.001)
        n = min(4, len(buffer), len(self.data))
        buffer[:n], self.data = self.data[:n], self.data[n:]
        return n


slow = Slow()
w = io.BufferedWriter(slow, 16)
together(4, lambda i: [w.write(b'%d%03d;' % (i, n)) for n in range(10)])
w.flush()
print(slow.most, sorted(b''.join(slow.parts).split(b';'))[1:] == sorted(b'%d%03d' % (i, n) for i in range(4) for n in range(10)))

slow = Slow()
slow.data = b''.join(b'%02d' % n for n in range(40))
r = io.BufferedReader(slow, 8)
got = []
together(4, lambda i: [got.append(r.read(2)) for _ in range(10)])
print(sorted(got) == [b'%02d' % n for n in range(40)], r.read())

with open('lines.txt', 'wb') as f:
    together(4, lambda i: [f.write(b'thread %d line %04d\n' % (i, n)) for n in range(300)])
with open('lines.txt') as f:
    lines = f.readlines()
print(len(lines), len(set(lines)), {len(line) for line in lines})


class Reentrant(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        try:
            self.around.write(b'again')
        except RuntimeError as error:
            print(str(error).split(' <')[0])
        return len(data)


raw = Reentrant()
raw.around = io.BufferedWriter(raw, 4)
raw.around.write(b'too long for it')

slow = Slow()
w = io.BufferedWriter(slow, 1000)
w.write(b'early')
closer = threading.Thread(target=w.close)
closer.start()
time.sleep(0.0005)
try:
    w.write(b'late')
    w.flush()
except ValueError as error:
    print(error)
closer.join()
print(slow.parts, w.closed)
