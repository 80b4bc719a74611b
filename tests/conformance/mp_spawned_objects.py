# What a spawned process gets by its arguments: queues, pipes, locks, shared memory, values, arrays, subclasses; and what module globals it has.
import multiprocessing as mp
import os
import sys

changed = 'as imported'


class Named(mp.Process):
    def __init__(self, queue):
        super().__init__()
        self.queue, self.what = queue, {'a': [1]}

    def run(self):
        self.queue.put((self.what, changed, self.name, os.getpid() == self.pid))


def use(queue, connection, lock, semaphore, value, array, event, barrier, condition):
    with lock, semaphore:
        value.value += 5
        array[1] = 2.5
    connection.send(('sent', __name__, changed, 'mp_spawned_objects' in sys.modules, '__mp_main__' in sys.modules))
    event.wait(10)
    queue.put(barrier.wait(10) in (0, 1))
    with condition:
        condition.notify()


def main(method):
    context = mp.get_context(method)
    queue, (ours, theirs) = context.Queue(), context.Pipe()
    lock, semaphore, event = context.RLock(), context.BoundedSemaphore(2), context.Event()
    value, array, barrier, condition = context.Value('i', 1), context.Array('d', 3), context.Barrier(2), context.Condition()
    child = context.Process(target=use, args=(queue, theirs, lock, semaphore, value, array, event, barrier, condition))
    with condition:
        child.start()
        print(ours.recv(), value.value, array[:])
        event.set()
        barrier.wait(10)
        print(queue.get(), condition.wait(10))
    child.join()
    print(child.exitcode)


if __name__ == '__main__':
    changed = 'as run'
    for method in ('spawn', 'forkserver', 'fork'):
        main(method)
    mp.set_start_method('spawn', force=True)
    queue = mp.Queue()
    child = Named(queue)
    child.start()
    print(queue.get())
    child.join()
    print(child.exitcode)
