import os, select, signal, socket, sys, threading, time

# Handlers run in the main thread, and what waits there goes on afterwards with its own deadline (PEP 475).
def note(signum, frame):
    print('handler', signal.Signals(signum).name, threading.current_thread().name, frame.f_code.co_name)

print(signal.signal(signal.SIGALRM, note), signal.getsignal(signal.SIGALRM) is note)
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGTERM))

def sleeping():
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    start = time.monotonic()
    time.sleep(0.3)
    print('slept', 0.3 <= time.monotonic() - start < 1)
sleeping()

def paused():
    signal.alarm(1)
    print('alarm', signal.alarm(1), signal.getitimer(signal.ITIMER_REAL)[0] > 0.9)
    signal.pause()
    print('alarm', signal.alarm(0))
paused()

def locked():
    lock = threading.Lock()
    lock.acquire()
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    start = time.monotonic()
    print('lock', lock.acquire(timeout=0.3), 0.3 <= time.monotonic() - start < 1)
    event = threading.Event()
    signal.signal(signal.SIGALRM, lambda s, f: event.set())
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    print('event', event.wait(5))
    signal.signal(signal.SIGALRM, note)
locked()

def selecting():
    a, b = socket.socketpair()
    with a, b:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        start = time.monotonic()
        print('select', select.select([a], [], [], 0.3), 0.3 <= time.monotonic() - start < 1)
        signal.signal(signal.SIGALRM, lambda s, f: b.send(b'from the handler'))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        print('recv', a.recv(100))
        signal.signal(signal.SIGALRM, note)
selecting()

# An exception of the handler ends the wait.
class Late(Exception):
    pass
def late(signum, frame):
    raise Late(signum)
signal.signal(signal.SIGALRM, late)
for wait in (lambda: time.sleep(5), lambda: threading.Event().wait(), lambda: os.read(os.pipe()[0], 1), signal.pause,
             lambda: select.select([], [], [], 9)):
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        wait()
        print('never')
    except Late as e:
        print('late', e)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    n = 0
    while True:
        n += 1
except Late:
    print('busy loop left', n > 1000)

# An interval goes on until it is stopped.
ticks = []
signal.signal(signal.SIGALRM, lambda s, f: ticks.append(s))
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
while len(ticks) < 4:
    time.sleep(1)
left = signal.setitimer(signal.ITIMER_REAL, 0)
print('ticks', len(ticks) >= 4, left[0] > 0, left[1], signal.getitimer(signal.ITIMER_REAL))
signal.signal(signal.SIGALRM, note)

# To oneself: the handler has run when the call returns.
signal.signal(signal.SIGUSR1, note)
def to_oneself():
    os.kill(os.getpid(), signal.SIGUSR1)
    print('after kill')
    signal.raise_signal(signal.SIGUSR1)
    print('after raise_signal')
    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
    print('after pthread_kill')
to_oneself()

# From another thread: the main thread runs it.
def other():
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGUSR1)
    time.sleep(0.1)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
    time.sleep(0.1)
    signal.raise_signal(signal.SIGUSR1)
t = threading.Thread(target=other)
t.start()
def joining():
    t.join()
    print('joined')
joining()
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)
except KeyboardInterrupt:
    print('KeyboardInterrupt')
t = threading.Thread(target=lambda: (time.sleep(0.1), os.kill(os.getpid(), signal.SIGINT)))
t.start()
try:
    t.join()
    while True:
        time.sleep(1)
except KeyboardInterrupt:
    print('KeyboardInterrupt from a thread')
t.join()

# What is ignored, and what is harmless by default.
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGTERM)
os.kill(os.getpid(), signal.SIGCHLD)
os.kill(os.getpid(), 0)
print('still here', signal.getsignal(signal.SIGTERM))

def refused(function, *args):
    try:
        print(function(*args))
    except (OSError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
refused(signal.signal, 0, note)
refused(signal.signal, signal.SIGKILL, note)
refused(signal.signal, signal.SIGUSR1, 'text')
refused(signal.setitimer, 7, 1)
refused(signal.setitimer, signal.ITIMER_REAL, -1)
refused(signal.pthread_kill, threading.get_ident(), 1000)
t = threading.Thread(target=refused, args=(signal.signal, signal.SIGUSR1, note))
t.start(); t.join()
