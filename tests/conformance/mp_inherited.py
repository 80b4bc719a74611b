# What a fork has of its parent, and what is its own: variables, open files and their offsets, standard output's buffer, threads, exit handlers.
import atexit
import multiprocessing as mp
import os
import random
import sys
import threading
import time
from multiprocessing import util

mp.set_start_method('fork')
state = {'items': [1, 2]}
atexit.register(lambda: print('at exit', os.getpid() == main, flush=True))
main = os.getpid()
util.Finalize(None, print, args=('finalized',), kwargs={'flush': True}, exitpriority=5)


def change(file, lock):
    state['items'].append(3)
    print('child', state, threading.active_count(), threading.current_thread() is threading.main_thread(), flush=True)
    print('read', file.read(4), flush=True)
    print('locked', lock.acquire(blocking=False), flush=True)
    util.Finalize(None, print, args=('of the child',), kwargs={'flush': True}, exitpriority=1)
    sys.stdout.write('not flushed by anyone\n')


def draw(queue):
    queue.put(random.random())


with open('inherited.txt', 'w') as file:
    file.write('0123456789')
file = open('inherited.txt', 'rb', buffering=0)
lock = threading.Lock()
lock.acquire()
threading.Thread(target=time.sleep, args=(0.3,), daemon=True).start()
file.read(2)
child = mp.Process(target=change, args=(file, lock))
child.start()
child.join()
print(child.exitcode, state, file.read(), file.tell())
file.close()
os.unlink('inherited.txt')
random.seed(1)
queue = mp.Queue()
children = [mp.Process(target=draw, args=(queue,)) for _ in range(2)]
for child in children:
    child.start()
numbers = {queue.get() for _ in children}
for child in children:
    child.join()
print(len(numbers), random.random() in numbers)
