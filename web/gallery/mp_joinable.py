# /// lab
# title = "JoinableQueue: wait until all is worked off"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: q.join() ends with the last task_done(), not with the last get(); then the consumer, a daemon, is terminated.
# Change: leave out task_done(): join() waits for ever, and who waits is named.
import time
from multiprocessing import JoinableQueue, Process

def consumer(q):
    while True:
        item = q.get()
        time.sleep(0.01)                    # real work
        print("worked off", item)
        q.task_done()

def producer(sequence, q):
    for item in sequence:
        q.put(item)

if __name__ == "__main__":
    q = JoinableQueue()
    worker = Process(target=consumer, args=(q,), daemon=True)
    worker.start()
    begin = time.perf_counter()
    producer(range(5), q)
    print("all put")
    q.join()
    print(f"all done after {time.perf_counter() - begin:.2f} s")
