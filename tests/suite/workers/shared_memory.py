# /// lab
# cores = 2
# ///
"""Processes that add to numbers without a lock, and with one: which updates are lost is the same each time."""
import time
from multiprocessing import Process, RawArray, RawValue, Value, set_start_method
from multiprocessing.shared_memory import SharedMemory


def add(go, alone, locked, numbers, name):
    block = SharedMemory(name)
    while not go.value:
        pass
    for i in range(200):
        alone.value += 1
        numbers[i % 4] += 1
        block.buf[i % 8] ^= i & 0xFF
        if i % 4 == 0:
            with locked.get_lock():
                locked.value += 1
    block.close()


if __name__ == '__main__':
    set_start_method('fork')
    go, alone, locked, numbers = RawValue('b', 0), RawValue('i', 0), Value('i', 0), RawArray('h', 4)
    block = SharedMemory(create=True, size=8)
    children = [Process(target=add, args=(go, alone, locked, numbers, block.name)) for _ in range(3)]
    for child in children:
        child.start()
    time.sleep(0.02)
    go.value = 1
    for child in children:
        child.join()
    assert locked.value == 150 and 200 <= alone.value < 600, f'{locked.value}, {alone.value}'
    print(alone.value, numbers[:], block.buf.hex())
    block.close()
    block.unlink()
