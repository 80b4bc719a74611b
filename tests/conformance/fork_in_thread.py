# A thread forks: in the child it is the main thread, and alone.
import functools
import os
import signal
import sys
import threading
import time
import warnings

warnings.simplefilter('ignore', DeprecationWarning)
print = functools.partial(print, flush=True)

shared = threading.RLock()
local = threading.local()
local.name = 'main'


def child():
    me = threading.current_thread()
    print('child', me is threading.main_thread(), threading.active_count(), local.name, me.name)
    # The lock that this thread holds is still its own.
    shared.release()
    shared.acquire()
    caught = []
    signal.signal(signal.SIGUSR1, lambda number, frame: caught.append(number == signal.SIGUSR1))
    os.kill(os.getpid(), signal.SIGUSR1)
    time.sleep(0.001)
    print('signal', caught)
    # It can have threads of its own.
    other = threading.Thread(target=lambda: print('another one', threading.current_thread() is other))
    other.start()
    other.join()
    os._exit(7)


def fork(name, what):
    local.name = name
    with shared:
        pid = os.fork()
        if pid == 0:
            what()
            return
        statuses.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


statuses = []
for name, what in ('one', child), ('two', lambda: os._exit(0)), ('three', lambda: None):
    thread = threading.Thread(target=fork, args=(name, what), name=name)
    thread.start()
    thread.join()
print(statuses, local.name, threading.current_thread() is threading.main_thread())

# Several fork at once.
counted = []


def several():
    pid = os.fork()
    if pid == 0:
        os._exit(threading.active_count())
    counted.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


threads = [threading.Thread(target=several) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(counted)
try:
    os.wait()
except ChildProcessError as error:
    print(error.errno)
