# /// lab
# title = "Four workers count primes"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: two cores shared by four workers; the queues' depth below; an arrow for each answer. In the Stats tab: the same work, other ways.
# Change: cores = 4, or WAY.
import queue
import threading
import multiprocessing as mp

WAY = "processes"  # or "threads", "sequential"
CHUNKS = [(i * 4_000, (i + 1) * 4_000) for i in range(8)]

def is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))

def count_primes(tasks, results):
    while chunk := tasks.get():
        results.put(sum(is_prime(n) for n in range(*chunk)))

if __name__ == "__main__":
    if WAY == "processes":
        tasks, results = mp.Queue(), mp.Queue()
        workers = [mp.Process(target=count_primes, args=(tasks, results)) for _ in range(4)]
    else:
        tasks, results = queue.Queue(), queue.Queue()
        workers = [threading.Thread(target=count_primes, args=(tasks, results)) for _ in range(4 if WAY == "threads" else 1)]
    for chunk in CHUNKS:
        tasks.put(chunk)
    for worker in workers:
        tasks.put(None)
    for worker in workers:
        worker.start()
    print(sum(results.get() for _ in CHUNKS), "primes below 32000")
    for worker in workers:
        worker.join()
