# Timer: fires once, cancel before it fires, arguments, name, is a thread.
import threading
import time

log = []
t = threading.Timer(0.1, log.append, args=["fired"])
c = threading.Timer(0.1, log.append, ["cancelled"])
k = threading.Timer(0.2, lambda **kw: log.append(kw), kwargs={"key": 1})
print(t.name, c.name, isinstance(t, threading.Thread), t.interval)
for timer in (t, c, k):
    timer.start()
c.cancel()
print(log)
t.join()
print(log, t.is_alive(), t.finished.is_set())
k.join()
c.join()
print(log)
start = time.monotonic()
zero = threading.Timer(0, print, ["at once"])
zero.start()
zero.join()
late = threading.Timer(30, print, ["never"])
late.daemon = True
late.start()
late.cancel()
late.join()
print(time.monotonic() - start < 1)
c.cancel()


def repeat(times):
    log.append(times)
    if times:
        again = threading.Timer(0.05, repeat, [times - 1])
        again.start()
        again.join()


repeat(3)
print(log[-4:])
