# SharedMemoryManager: blocks and lists that go when the manager does.
import multiprocessing as mp
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory


def halve(names, part):
    for i in range(part, len(names), 2):
        names[i] /= 2


def attempt(do):
    try:
        print(do())
    except Exception as error:
        print(type(error).__name__)


if __name__ == '__main__':
    mp.set_start_method('fork')
    with SharedMemoryManager() as manager:
        numbers, block = manager.ShareableList([1.0, 2.0, 3.0, 4.0]), manager.SharedMemory(size=10)
        children = [mp.Process(target=halve, args=(numbers, part)) for part in (0, 1)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        block.buf[:2] = b'ok'
        print(list(numbers), sum(numbers), bytes(block.buf[:3]), [child.exitcode for child in children])
        again = SharedMemory(block.name, track=False)
        print(bytes(again.buf[:2]))
        again.close()
        name = block.name
    attempt(lambda: SharedMemory(name))
