# Queue.shutdown: getters drain, putters fail, immediate shutdown, waiters wake.
import queue
import threading
import time

q = queue.Queue()
q.put(1)
q.put(2)
q.shutdown()
try:
    q.put(3)
except queue.ShutDown as error:
    print("put", repr(error))
print(q.get(), q.get())
try:
    q.get()
except queue.ShutDown:
    print("drained")
q = queue.Queue()
q.put(1)
q.shutdown(immediate=True)
try:
    q.get()
except queue.ShutDown:
    print("immediate")
q.join()
q = queue.Queue(1)
log = []


def getter():
    try:
        q.get()
    except queue.ShutDown:
        log.append("getter woken")


t = threading.Thread(target=getter)
t.start()
time.sleep(0.05)
q.shutdown()
t.join()
print(log, q.is_shutdown, issubclass(queue.ShutDown, Exception))
