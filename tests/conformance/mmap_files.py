# mmap: files and memory without one, slices, searching, positions, access, errors, the buffer protocol.
import mmap
import os
import re


def attempt(do, *args):
    try:
        print('ok', do(*args))
    except Exception as error:
        print(type(error).__name__, error)


with open('data', 'w+b') as file:
    file.write(b'the quick brown fox\njumps over\nthe lazy dog')
    file.flush()
    with mmap.mmap(file.fileno(), 0) as m:
        print(len(m), m[:9], m[0], m[-3:], m[::7], m.size(), m.closed)
        print(m.find(b'the'), m.find(b'the', 1), m.rfind(b'the'), m.find(b'cat'), m.find(b'the', -12), m.find(b'o', 3, 14))
        print(m.readline(), m.tell(), m.read(5), m.read_byte(), m.readline(), m.read(), m.read(3), m.tell())
        print(m.seek(4), m.write(b'QUICK'), m.tell(), m.seek(-3, 2), m.read(), m.seek(-1, 1))
        m.write_byte(ord('G'))
        m[10:15] = b'BROWN'
        m[0] = ord('T')
        m.move(31, 0, 3)
        print(m[:], m.flush(), re.findall(rb'[A-Z]+', m))
        file.seek(0)
        print(file.read() == m[:])
        file.seek(4)
        file.write(b'slow!')
        file.flush()
        print(m[:10], list(m[:3]), [b for b in m][:3], b'T' in m, memoryview(m)[1:4].tobytes(), bytes(m[5:8]))
        for bad in (lambda: m[99], lambda: m['a'], lambda: m.seek(99), lambda: m.seek(0, 7), lambda: m.write(bytes(60)),
                    lambda: m.__setitem__(0, 300), lambda: m.__setitem__(0, 'a'), lambda: m.__setitem__(slice(0, 3), b'ab'),
                    lambda: m.move(40, 0, 10), lambda: m.flush(-1), lambda: m.read('a'), lambda: m.__delitem__(0)):
            attempt(bad)
        view = memoryview(m)
        attempt(m.close)
        attempt(m.resize, 100)
        view.release()
        m.resize(50)
        print(len(m), m[-8:], os.path.getsize('data'))
        m.resize(12)
        print(m[:], os.fstat(file.fileno()).st_size)
    attempt(lambda: m[0])
    attempt(len, m)
    print(m.closed)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as m:
        attempt(m.__setitem__, 0, 1)
        attempt(m.write, b'a')
        print(m[:3], memoryview(m).readonly)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as m:
        m[:3] = b'own'
        file.seek(0)
        print(m[:5], file.read(5))
        attempt(m.resize, 20)
    with mmap.mmap(file.fileno(), 5, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE) as m:
        m[0] = 0x21
        print(m[:], len(m))
    attempt(mmap.mmap, file.fileno(), 9999)
    attempt(lambda: mmap.mmap(file.fileno(), 4, access=9))
    attempt(lambda: mmap.mmap(file.fileno(), 4, flags=mmap.MAP_PRIVATE, access=mmap.ACCESS_READ))
    attempt(lambda: mmap.mmap(file.fileno(), -4))
    attempt(lambda: mmap.mmap(file.fileno(), 4, offset=1))
with open('data', 'rb') as file:
    attempt(mmap.mmap, file.fileno(), 0)
with open('empty', 'w+b') as file:
    attempt(mmap.mmap, file.fileno(), 0)
attempt(mmap.mmap, -1, 0)
os.unlink('data')
os.unlink('empty')

m = mmap.mmap(-1, 16)
m.write(b'0123456789abcdef')
m[::4] = b'....'
print(m[:], m[10:2:-3], hash(m) == hash(m), m == m, m.tell(), m.madvise(mmap.MADV_WILLNEED))
longer = bytearray(8)
print(memoryview(m)[4:12].cast('H').tolist(), bytes(m[4:6]) + longer[:2])
m.close()


class Named(mmap.mmap):
    def name(self):
        return f'{len(self)} bytes'


print(Named(-1, 30).name(), mmap.PAGESIZE, mmap.ALLOCATIONGRANULARITY, mmap.error is OSError)
