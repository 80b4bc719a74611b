# How processes end: exit codes of returns, sys.exit with everything, exceptions, os._exit, signals; terminate, kill, join with a time-out.
import multiprocessing as mp
import os
import signal
import sys
import time


def leave(how):
    sys.stderr = open(os.devnull, 'w')
    if callable(how):
        how()
    elif how is not Ellipsis:
        sys.exit(how)


def fail():
    raise ValueError('no')


def leave_now():
    os._exit(7)


def by_signal():
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_long():
    time.sleep(100)


def stubborn(ready):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready.set()
    time.sleep(100)


if __name__ == '__main__':
    mp.set_start_method('fork')
    for how in (..., None, 0, 3, 'a message', True, 300, -1, 2.5, fail, leave_now, by_signal):
        child = mp.Process(target=leave, args=(how,))
        print(child.exitcode, child.is_alive(), child.pid, end=' ')
        child.start()
        child.join()
        print(child.exitcode, child.is_alive(), getattr(how, '__name__', how))
    child = mp.Process(target=sleep_long)
    child.start()
    began = time.monotonic()
    child.join(0.1)
    print(child.exitcode, child.is_alive(), 0.09 < time.monotonic() - began < 5, child.join(0))
    child.terminate()
    child.join()
    print(child.exitcode, child.is_alive())
    ready = mp.Event()
    child = mp.Process(target=stubborn, args=(ready,))
    child.start()
    ready.wait()
    child.terminate()
    child.join(0.2)
    print(child.exitcode, child.is_alive())
    child.kill()
    child.join()
    print(child.exitcode, repr(child).split(' pid')[0], 'exitcode=-SIGKILL' in repr(child))
    child.close()
    for use in (child.is_alive, child.join, lambda: child.exitcode, lambda: child.pid, child.terminate):
        try:
            print(use())
        except ValueError as error:
            print(error)
    print(repr(child).split(' parent')[0], 'closed' in repr(child))
