# Condition: wait, notify, notify_all, wait_for, time-outs, errors.
import threading
import time

condition = threading.Condition()
items = []
log = []


def consumer(name):
    with condition:
        while not items:
            condition.wait()
        log.append((name, items.pop(0)))


consumers = [threading.Thread(target=consumer, args=(n,)) for n in range(3)]
for c in consumers:
    c.start()
    time.sleep(0.05)
for value in "abc":
    with condition:
        items.append(value)
        condition.notify()
    time.sleep(0.05)
for c in consumers:
    c.join()
print(log)

ready = False


def waiter():
    with condition:
        result = condition.wait_for(lambda: ready, timeout=2)
        log.append(result)


log.clear()
threads = [threading.Thread(target=waiter) for _ in range(3)]
for t in threads:
    t.start()
time.sleep(0.1)
with condition:
    condition.notify_all()
time.sleep(0.1)
print("woken too early, still waiting:", log)
with condition:
    ready = "yes"
    condition.notify_all()
for t in threads:
    t.join()
print(log)
with condition:
    start = time.monotonic()
    print(condition.wait(0.1), condition.wait_for(lambda: False, 0.05), 0.14 < time.monotonic() - start < 0.4)
for action in (condition.notify, condition.notify_all, condition.wait, condition.release):
    try:
        action()
    except RuntimeError as error:
        print(error)
own = threading.Condition(threading.Lock())
print(own.acquire(), own.acquire(blocking=False), own.release())
with condition:
    with condition:
        print("re-entrant by default")
with condition:
    print(condition.wait_for(lambda: 42))
