# SharedMemory and ShareableList: blocks with names, attached to from other processes, views of them, their ends.
import multiprocessing as mp
import os
import struct
from multiprocessing import shared_memory


def write(name, offset, data):
    block = shared_memory.SharedMemory(name, track=False)
    block.buf[offset:offset + len(data)] = data
    block.close()


def inherited(block):
    block.buf[0] += 1


def reverse(names):
    names.reverse() if hasattr(names, 'reverse') else None
    for i in range(len(names)):
        if isinstance(names[i], int):
            names[i] += 100
    names.shm.close()


def attempt(do):
    try:
        print('ok', do())
    except Exception as error:
        print(type(error).__name__, str(error).replace(block.name, 'NAME'))


if __name__ == '__main__':
    mp.set_start_method('fork')
    block = shared_memory.SharedMemory(create=True, size=64)
    print(block.size, len(block.buf), block.buf.format, block.buf.readonly, bytes(block.buf) == bytes(64))
    children = [mp.Process(target=write, args=(block.name, at, data)) for at, data in ((0, b'hello'), (5, b' world'), (60, b'ends'))]
    children += [mp.Process(target=inherited, args=(block,))]
    for child in children:
        child.start()
        child.join()
    print([child.exitcode for child in children], bytes(block.buf[:11]), block.buf[60:].tobytes())

    numbers = block.buf[16:48].cast('I')
    numbers[0], numbers[7] = 1, 2 ** 32 - 1
    print(numbers.tolist(), block.buf[16:20].hex(), block.buf[::-8].tolist())
    struct.pack_into('<hd', block.buf, 20, -2, 0.5)
    print(struct.unpack_from('<hd', block.buf, 20), block.buf[20:30] == struct.pack('<hd', -2, 0.5))
    block.buf[40:24:-3] = b'uvwxyz'
    block.buf[50:60:4] = block.buf[0:3]
    pairs = block.buf[48:60].cast('H')
    pairs[5:0:-2] = memoryview(b'ABCDEF').cast('H')
    pairs.release()
    print(bytes(block.buf[22:60]))
    with open('raw', 'wb', buffering=0) as file:
        print(file.write(block.buf), file.write(block.buf[:9]))
    with open('raw', 'rb', buffering=0) as file:
        file.seek(62)
        print(file.read(), file.seek(0), file.readinto(block.buf[10:14]), bytes(block.buf[8:16]))
    os.unlink('raw')
    again = shared_memory.SharedMemory(block.name)
    again.buf[1] = 0x41
    print(bytes(block.buf[:3]), again.size, again.name == block.name)
    attempt(lambda: shared_memory.SharedMemory(block.name, create=True, size=8))
    attempt(lambda: shared_memory.SharedMemory(create=True, size=0))
    attempt(lambda: shared_memory.SharedMemory('no such block'))
    attempt(lambda: block.buf.__setitem__(64, 1))
    attempt(lambda: block.buf.__setitem__(0, 256))
    attempt(block.close)
    numbers.release()
    again.close()
    attempt(lambda: again.buf)
    block.close()
    block.unlink()
    attempt(lambda: shared_memory.SharedMemory(block.name))

    names = shared_memory.ShareableList(['pi', 3.25, 7, None, True, b'raw', 'é'])
    print(len(names), list(names), names.index(7), names.count(True), names.format)
    child = mp.Process(target=reverse, args=(names,))
    child.start()
    child.join()
    print(child.exitcode, list(names))
    names[0] = 'tau'
    block = names.shm
    attempt(lambda: names.__setitem__(0, 'much too long for it'))
    attempt(lambda: names[9])
    print(names[0], 'tau' in names, repr(names).startswith("ShareableList(['tau', 3.25"))
    names.shm.close()
    names.shm.unlink()
