# /// lab
# title = "A semaphore as a signal"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

# It starts at zero: acquire() waits until another thread says "go".
ready = threading.Semaphore(0)
letters = []

def writer():
    for text in ("first", "second", "third"):
        time.sleep(0.015)
        letters.append(text)
        ready.release()         # may be counted before anybody waits

def reader():
    for _ in range(3):
        ready.acquire()
        print("read", letters[-1])
        time.sleep(0.004)

threads = [threading.Thread(target=reader, name="reader"), threading.Thread(target=writer, name="writer")]
for t in threads:
    t.start()
for t in threads:
    t.join()
