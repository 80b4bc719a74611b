# /// lab
# title = "A queue and a None at its end"
# python = "3.13"
# cores = 2
# ///
import queue
import threading

# A queue has its locks inside: neither side needs any of its own. None says that nothing will come any more.
# Look at: the arrows from put to get. Change: start two consumers, and see that one of them waits for ever: one None for each is needed.

jobs = queue.Queue()


def produce():
    for number in range(4):
        jobs.put(number)
    jobs.put(None)


def consume():
    while (number := jobs.get()) is not None:
        print("got", number)
    print("done")


threads = [threading.Thread(target=produce, name="producer"), threading.Thread(target=consume, name="consumer")]
for t in threads:
    t.start()
for t in threads:
    t.join()
