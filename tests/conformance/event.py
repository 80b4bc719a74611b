# Event: set, clear, wait with and without time-out, many waiters, hand-over with completion events.
import re
import threading
import time

event = threading.Event()
print(event.is_set(), event.wait(0.05), re.sub("0x[0-9a-f]+", "ADDR", repr(event)))
log = []


def worker(n):
    log.append(event.wait())


threads = [threading.Thread(target=worker, args=(n,)) for n in range(4)]
for t in threads:
    t.start()
time.sleep(0.05)
print(log)
event.set()
for t in threads:
    t.join()
print(log, event.wait(), re.sub("0x[0-9a-f]+", "ADDR", repr(event)))
event.clear()
print(event.is_set())
requests = []
posted = threading.Event()


def server():
    posted.wait()
    for item, finished in requests:
        time.sleep(0.05)
        print("served", item)
        finished.set()


s = threading.Thread(target=server)
s.start()
finished = [threading.Event() for _ in range(2)]
requests.extend(zip(["soup", "bread"], finished))
posted.set()
finished[0].wait()
print("soup arrived")
finished[1].wait()
print("bread arrived")
s.join()
stop = threading.Event()
ticks = []


def ticker():
    while not stop.wait(0.1):
        ticks.append("tick")


t = threading.Thread(target=ticker)
t.start()
time.sleep(0.35)
stop.set()
t.join()
print(ticks)
