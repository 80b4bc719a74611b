# What goes through queues is pickled by the feeder thread, later: what cannot be pickled is reported there, what changes meanwhile goes changed.
import multiprocessing as mp
import os
import sys
import time


class Sized:
    def __init__(self, size):
        self.size = size

    def __eq__(self, other):
        return self.size == other.size


class Bad:
    def __reduce__(self):
        raise ZeroDivisionError('cannot be told')


class Late:
    """What it makes fails in the reader."""
    def __reduce__(self):
        return (int, ('not a number',))


def take(queue, back):
    while True:
        try:
            item = queue.get()
        except ValueError as error:
            item = repr(error)
        back.put((item, os.getpid() != parent))
        if item is None:
            return


parent = os.getpid()
if __name__ == '__main__':
    mp.set_start_method('fork')
    queue, back = mp.Queue(), mp.Queue()
    child = mp.Process(target=take, args=(queue, back))
    child.start()
    for item in (Sized(4), 'é' * 3, {1: (2.5, b'x')}, range(3), len, Sized, ValueError('told')):
        queue.put(item)
        print(back.get()[0]) if not isinstance(item, Sized) else print(back.get()[0] == item)
    errors = sys.stderr
    sys.stderr = open('errors.txt', 'w')
    queue.put(lambda: 0)
    queue.put(Bad())
    queue.put(Late())
    print(back.get())
    queue.put('after')
    print(back.get())
    sys.stderr.close()
    sys.stderr = errors
    with open('errors.txt') as file:
        lines = file.read().splitlines()
    os.unlink('errors.txt')
    print([line for line in lines if line.startswith(('ZeroDivisionError',))], any('lambda' in line for line in lines))
    items = [1]
    queue.put(items)
    print(back.get())
    big = bytes(300_000)
    queue.put(big)
    print(len(back.get()[0]))
    queue.put(None)
    print(back.get())
    child.join()
    print(child.exitcode)
