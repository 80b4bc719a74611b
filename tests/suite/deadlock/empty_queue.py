import queue
import threading

q = queue.Queue()


def consumer():
    while True:
        item = q.get()
        print("got", item, flush=True)


t = threading.Thread(target=consumer, name="consumer")
t.start()
q.put(1)
t.join()
