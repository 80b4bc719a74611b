# Forked processes: other threads in a child, children that nobody waits for, pipes that nobody reads.
import functools
import os
import signal
import threading
import time
import warnings

# That other threads make forks dangerous is known.
warnings.simplefilter('ignore', DeprecationWarning)
print = functools.partial(print, flush=True)

# A child has the objects of other threads, and these have ended.
go = threading.Event()
other = threading.Thread(target=go.wait)
other.start()
pid = os.fork()
if pid == 0:
    print(other.is_alive(), threading.enumerate() == [threading.main_thread()])
    other.join()
    os._exit(0)
os.waitpid(pid, 0)
print(other.is_alive())
go.set()
other.join()

# Children of a process that ignores SIGCHLD leave no status.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    time.sleep(0.02)
    os._exit(0)
try:
    os.waitpid(pid, 0)
except ChildProcessError as error:
    print(error.errno)
signal.signal(signal.SIGCHLD, signal.SIG_DFL)


# Writing to a pipe without a reader: Python ignores the signal unless it is told otherwise.
def writes(action, is_read_first):
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGPIPE, action)
        os.close(r)
        try:
            os.write(w, bytes(200_000))
            os.write(w, b'more')
        except BrokenPipeError:
            print('broken')
        os._exit(7)
    os.close(w)
    if is_read_first:
        time.sleep(0.05)
    os.close(r)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


for is_read_first in False, True:
    writes(signal.SIG_IGN, is_read_first)
    writes(signal.SIG_DFL, is_read_first)
writes(lambda *_: print('told'), False)
