# /// lab
# title = "Four processes on two cores"
# cores = 2
# ///
import multiprocessing


def count(name, results):
    total = 0
    for number in range(60_000):
        total += number % 7
    results.put((name, total))


if __name__ == "__main__":
    results = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=count, args=(name, results)) for name in range(4)]
    for worker in workers:
        worker.start()
    print(sorted(results.get() for _ in workers))
    for worker in workers:
        worker.join()
    print([worker.exitcode for worker in workers])
