# Process objects: subclasses, names, daemons, what a child knows of itself and its parent, what must not be done to them.
import multiprocessing as mp
import os
import threading


class Counter(mp.Process):
    def __init__(self, queue, limit):
        super().__init__(name='counter')
        self.queue, self.limit = queue, limit

    def run(self):
        for i in range(self.limit):
            self.queue.put((self.name, i, mp.current_process() is self))


def tell(queue):
    own, parent = mp.current_process(), mp.parent_process()
    queue.put((own.name, own.daemon, own.pid == os.getpid(), parent.name, parent.pid == os.getppid(), parent.is_alive(),
               mp.active_children(), threading.current_thread().name, threading.active_count(), own.authkey == mp.current_process().authkey))


def nested(queue):
    def below():
        queue.put(mp.current_process()._identity)
    child = mp.Process(target=below)
    child.start()
    child.join()
    queue.put((mp.current_process()._identity, child.name, child.exitcode))


def in_daemon(queue):
    try:
        mp.Process(target=tell, args=(queue,)).start()
    except AssertionError as error:
        queue.put(str(error))


def attempt(do):
    try:
        print(do())
    except Exception as error:
        print(type(error).__name__, error)


if __name__ == '__main__':
    mp.set_start_method('fork')
    queue = mp.Queue()
    main = mp.current_process()
    print(main.name, main.daemon, mp.parent_process(), main._identity, mp.active_children(), type(main).__name__)
    counter = Counter(queue, 3)
    counter.start()
    print([queue.get() for _ in range(3)])
    counter.join()
    for child in (mp.Process(target=tell, args=(queue,)), mp.Process(None, tell, 'named', (queue,)),
                  mp.Process(target=tell, kwargs={'queue': queue}, daemon=True), mp.Process(target=nested, args=(queue,))):
        child.start()
        print(queue.get())
        child.join()
    print(queue.get())
    daemon = mp.Process(target=in_daemon, args=(queue,), daemon=True)
    daemon.start()
    print(queue.get())
    daemon.join()
    fresh = mp.Process(target=print, args=('never',))
    attempt(fresh.join)
    attempt(lambda: mp.Process(group=1))
    attempt(lambda: mp.Process(target=print, args=5).start())
    attempt(lambda: setattr(fresh, 'name', 5))
    attempt(lambda: setattr(counter, 'daemon', True))
    attempt(counter.start)
    fresh.name = 'renamed'
    print(fresh.name, fresh.daemon, fresh.exitcode, fresh.ident, mp.active_children())
    base = mp.Process()
    base.start()
    base.join()
    print(base.exitcode)
