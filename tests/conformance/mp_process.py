# multiprocessing.Process: life, names, exit codes, daemons, sentinels; everything by fork.
import multiprocessing as mp
import os
import signal
import sys
import time
from multiprocessing.connection import wait

mp.set_start_method('fork')
shared = ['before']


def report(pipe, *args, **kwargs):
    shared.append('child')
    me = mp.current_process()
    pipe.send((me.name, me.daemon, me.pid == os.getpid(), mp.parent_process().pid == os.getppid(), args, kwargs, shared))


here, there = mp.Pipe(duplex=False)
p = mp.Process(target=report, args=(there, 1, 2), kwargs={'k': 'v'}, name='worker')
print(p.is_alive(), p.exitcode, p.pid, p.name, mp.active_children())
p.start()
print(here.recv(), p.name)
p.join()
print(p.is_alive(), p.exitcode, shared, mp.active_children())
try:
    p.start()
except AssertionError as error:
    print(error)


def leave(how):
    if how == 'raise':
        sys.stderr.close()
        raise ValueError('no')
    if how == 'signal':
        os.kill(os.getpid(), signal.SIGUSR1)
    sys.exit(how)


for how in None, 0, 3, 'text', 'raise', 'signal':
    p = mp.Process(target=leave, args=(how,))
    if how == 'text':
        p = mp.Process(target=os._exit, args=(11,))
    p.start()
    p.join()
    print(how, p.exitcode)

p = mp.Process(target=time.sleep, args=(60,))
p.start()
p.join(0.2)
print(p.exitcode, p.is_alive(), p in mp.active_children())
p.terminate()
print(wait([p.sentinel], 5) == [p.sentinel])
p.join()
print(p.exitcode)
p.close()
try:
    p.is_alive()
except ValueError as error:
    print(error)
p = mp.Process(target=time.sleep, args=(60,))
p.start()
p.kill()
p.join()
print(p.exitcode)


class Counter(mp.Process):
    def __init__(self, pipe, n):
        super().__init__(daemon=True)
        self.pipe, self.n = pipe, n

    def run(self):
        self.pipe.send((self.name, self.daemon, sum(range(self.n))))


p = Counter(there, 1000)
p.start()
print(here.recv())
p.join()


def parent_of_daemon():
    def forbidden():
        try:
            mp.Process(target=print).start()
        except AssertionError as error:
            there.send(str(error))
    d = mp.Process(target=forbidden, daemon=True)
    d.start()
    d.join()


parent_of_daemon()
print(here.recv())
children = [mp.Process(target=time.sleep, args=(0.2 * n,)) for n in (3, 1, 2)]
for p in children:
    p.start()
order, left = [], {p.sentinel: n for n, p in enumerate(children)}
while left:
    for ready in wait(left):
        order.append(left.pop(ready))
print(order)
for p in children:
    p.join()
forever = mp.Process(target=time.sleep, args=(1000,), daemon=True)
forever.start()
print('over')
