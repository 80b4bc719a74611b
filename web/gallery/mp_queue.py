# /// lab
# title = "A queue between two processes"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: put() comes back at once; a feeder thread behind the queue pickles the item and writes it into a pipe. Hover its slices.
# Change: send a lambda: the feeder thread complains, not put(). Leave out the None: the printer waits for ever.
from multiprocessing import Process, Queue

def printer(q):
    while (pair := q.get()) is not None:
        a, b = pair
        print(a, b)

if __name__ == "__main__":
    q = Queue()
    p = Process(target=printer, args=(q,))
    p.start()
    q.put(("Hello", "World"))
    q.put(("Good", "Night"))
    q.put(None)
    p.join()
    print("exit code", p.exitcode)
