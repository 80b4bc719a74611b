# Processes that fork, wait for each other, share pipes and send signals.
import functools
import os
import signal
import sys
import time

print = functools.partial(print, flush=True)
print('parent', flush=True)
pid = os.fork()
if pid == 0:
    time.sleep(0.01)
    print('child', os.getpid() != 1, flush=True)
    os._exit(3)
found, status = os.waitpid(pid, 0)
print(found == pid, os.WIFEXITED(status), os.WEXITSTATUS(status), os.waitstatus_to_exitcode(status))

r, w = os.pipe()
numbers = [1, 2, 3]
pid = os.fork()
if pid == 0:
    os.close(r)
    numbers.append(4)
    os.write(w, repr(numbers).encode())
    sys.exit(5)
os.close(w)
print(os.read(r, 100), os.read(r, 100), numbers)
print(os.waitstatus_to_exitcode(os.wait()[1]))
try:
    os.wait()
except ChildProcessError as error:
    print(error.errno)

pid = os.fork()
if pid == 0:
    while True:
        time.sleep(1)
print(os.waitpid(pid, os.WNOHANG))
os.kill(pid, 0)
os.kill(pid, signal.SIGTERM)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
try:
    os.kill(pid, signal.SIGTERM)
except ProcessLookupError as error:
    print(error.errno)

told = []
os.register_at_fork(before=lambda: told.append('before 1'), after_in_parent=lambda: told.append('parent 1'), after_in_child=lambda: told.append('child 1'))
os.register_at_fork(before=lambda: told.append('before 2'), after_in_parent=lambda: told.append('parent 2'), after_in_child=lambda: told.append('child 2'))
sys.stdout.flush()
pid = os.fork()
if pid == 0:
    print(told, os.getppid() > 0, flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print(told)

signal.signal(signal.SIGCHLD, lambda number, frame: told.append(number == signal.SIGCHLD))
sys.stdout.flush()
pid = os.fork()
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
print(True in told)

signal.signal(signal.SIGUSR1, lambda number, frame: print('asked by the parent', flush=True))
sys.stdout.flush()
r, w = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(w, b'ready')
    signal.pause()
    os._exit(9)
os.read(r, 5)
time.sleep(0.02)
os.kill(pid, signal.SIGUSR1)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
