# A producer hands single values to a consumer through a condition with wait_for, then says that it is done.
import threading
import time

condition = threading.Condition()
value = None
done = False


def producer():
    global value, done
    for n in range(4):
        time.sleep(0.02)
        with condition:
            condition.wait_for(lambda: value is None)
            value = n
            print("produced", n)
            condition.notify_all()
    with condition:
        condition.wait_for(lambda: value is None)
        done = True
        condition.notify_all()


def consumer():
    global value
    while True:
        with condition:
            condition.wait_for(lambda: value is not None or done)
            if value is None:
                print("consumer done")
                return
            print("consumed", value)
            value = None
            condition.notify_all()


threads = [threading.Thread(target=consumer), threading.Thread(target=producer)]
for t in threads:
    t.start()
for t in threads:
    t.join()
