# What outlives exec: ignored signals, the mask, the process; what does not: handlers, threads, exit handlers, unflushed output.
import atexit
import os
import signal
import sys
import threading
import time

SHOW = '''
import signal, threading
for name in 'SIGUSR1', 'SIGUSR2', 'SIGTERM':
    print(name, signal.getsignal(getattr(signal, name)))
print(sorted(s.name for s in signal.pthread_sigmask(signal.SIG_BLOCK, [])), threading.active_count())
'''


def run(act):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        act()
        os._exit(9)
    print('status', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def with_signals():
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.signal(signal.SIGUSR2, lambda *a: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
    os.execv(sys.executable, [sys.executable, '-c', SHOW])


run(with_signals)


def with_threads():
    def other():
        time.sleep(0.2)
        print('never said', flush=True)
    threading.Thread(target=other).start()
    atexit.register(print, 'never at exit')
    os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(0.5); print("alone")'])


run(with_threads)


def from_a_thread():
    def leave():
        os.execv(sys.executable, [sys.executable, '-c', 'import threading, os; print(threading.current_thread().name)'])
    threading.Thread(target=leave).start()
    time.sleep(5)


run(from_a_thread)


def with_a_timer():
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(5)'])


run(with_a_timer)


def with_a_file():
    read, write = os.pipe()
    os.set_inheritable(write, True)
    os.write(write, b'from before')
    os.set_inheritable(read, True)
    os.execv(sys.executable, [sys.executable, '-c', f'import os; print(os.read({read}, 50))'])


run(with_a_file)
