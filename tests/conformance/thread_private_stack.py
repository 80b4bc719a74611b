# Each thread has its own stack, its own exception state and its own recursion.
import sys
import threading
import time

log = []


def depth(n):
    if n == 0:
        time.sleep(0.01)
        return threading.current_thread().name
    return depth(n - 1)


def work(n):
    try:
        raise ValueError(n)
    except ValueError:
        time.sleep(0.02)
        log.append((n, sys.exc_info()[1].args[0]))
        log.append((n, depth(50 * n)))


threads = [threading.Thread(target=work, args=(n,), name=f"t{n}") for n in range(1, 5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(log, key=str), sys.exc_info())


def overflow():
    try:
        overflow()
    except RecursionError:
        raise


def caught():
    try:
        overflow()
    except RecursionError as error:
        log.append(type(error).__name__)


log.clear()
t = threading.Thread(target=caught)
t.start()
t.join()
print(log, depth(100))
