import threading

lock = threading.Lock()


def again():
    lock.acquire()


lock.acquire()
again()
