# The main thread dies of an exception, another thread still finishes, status 1.
import threading
import time


def work():
    time.sleep(0.2)
    print("thread finishes all the same", flush=True)


threading.Thread(target=work).start()
print("main about to fail")
{}["no such key"]
