# /// lab
# title = "Two processes count in memory that they share"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: each += is a read and a write; where another process writes in between, what it has counted is lost.
# Change: one core: what is lost becomes rare. Another seed: another number. `with counter.get_lock()` instead of a lock of your own.
from multiprocessing import Lock, Process, Value

ROUNDS = 3000

def count(counter, lock):
    for _ in range(ROUNDS):
        if lock is None:
            counter.value += 1
        else:
            with lock:
                counter.value += 1

if __name__ == "__main__":
    for name, lock in ("without a lock", None), ("with a lock", Lock()):
        counter = Value("i", 0, lock=False)
        processes = [Process(target=count, args=(counter, lock)) for _ in range(2)]
        for p in processes:
            p.start()
        for p in processes:
            p.join()
        lost = 2 * ROUNDS - counter.value
        print(f"{name}: {'some are lost' if lost else 'none is lost'}")
