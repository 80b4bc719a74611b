import threading
import time

left = threading.Lock()
right = threading.Lock()


def first():
    with left:
        time.sleep(0.01)
        with right:
            print("never")


def second():
    with right:
        time.sleep(0.01)
        with left:
            print("never")


a = threading.Thread(target=first, name="Anna")
b = threading.Thread(target=second, name="Bert")
a.start()
b.start()
print("joining", flush=True)
a.join()
