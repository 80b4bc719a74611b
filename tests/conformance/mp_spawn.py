# The start method spawn: a new Python that imports the main file again, under another name.
import multiprocessing as mp
import os
import sys

NAME = __name__
changed = 0


def tell(pipe, *args):
    pipe.send((NAME, changed, args, mp.get_start_method(), mp.current_process().name, sys.argv == ARGV, os.getppid() == mp.parent_process().pid))


ARGV = sys.argv


class Thing:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return self.x == other.x


def square(n):
    return n * n


def locked(lock, event, queue):
    with lock:
        queue.put('locked')
    event.set()


if __name__ == '__main__':
    changed = 1
    mp.set_start_method('spawn')
    here, there = mp.Pipe()
    p = mp.Process(target=tell, args=(there, 1, [2], {'three': 3}))
    p.start()
    print(here.recv())
    p.join()
    print(p.exitcode)
    lock, event, queue = mp.Lock(), mp.Event(), mp.Queue()
    p = mp.Process(target=locked, args=(lock, event, queue))
    p.start()
    print(queue.get(), event.wait(5))
    p.join()
    with mp.Pool(2) as pool:
        print(pool.map(square, range(5)))
    for bad in (lambda: 0), open(os.devnull):
        try:
            mp.Process(target=print, args=(bad,)).start()
        except Exception as error:
            print(type(error).__name__)
    context = mp.get_context('fork')
    p = context.Process(target=tell, args=(there,))
    p.start()
    print(here.recv()[:2])
    p.join()
    print(mp.get_all_start_methods())
