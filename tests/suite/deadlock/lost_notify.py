import threading
import time

condition = threading.Condition()


def waiter():
    time.sleep(0.05)
    with condition:
        condition.wait()


t = threading.Thread(target=waiter, name="late waiter")
t.start()
with condition:
    condition.notify()
t.join()
