# /// lab
# title = "A timer interrupts"
# ///
# An interval timer sends a signal every 30 ms. Whatever thread has the GIL, the handler runs in the main thread: at once while that computes,
# and out of the middle of its sleep, which goes on afterwards.
import os
import signal
import threading
import time

start = time.perf_counter()


def now():
    return f'{(time.perf_counter() - start) * 1000:5.1f} ms'


def handler(number, frame):
    print(now(), signal.Signals(number).name, 'in', threading.current_thread().name, 'interrupts', frame.f_code.co_name)


def count(n):
    while n:
        n -= 1


def other():
    count(500_000)
    os.kill(os.getpid(), signal.SIGUSR1)


signal.signal(signal.SIGALRM, handler)
signal.signal(signal.SIGUSR1, handler)
signal.setitimer(signal.ITIMER_REAL, 0.03, 0.03)
count(2_000_000)
print(now(), 'counted')
time.sleep(0.04)
print(now(), 'slept')
thread = threading.Thread(target=other)
thread.start()
thread.join()
print(now(), 'joined')
signal.setitimer(signal.ITIMER_REAL, 0)
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print(now(), 'KeyboardInterrupt')
