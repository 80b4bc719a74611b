# /// lab
# title = "Threads, locks and queues inside processes that run at once"
# cores = 4
# ///
import multiprocessing, queue, threading


def busy(name, out):
    jobs, lock, total = queue.Queue(maxsize=2), threading.Lock(), [0]

    def eat():
        while (job := jobs.get()) is not None:
            part = sum(range(job))
            with lock:
                total[0] += part

    eaters = [threading.Thread(target=eat) for _ in range(2)]
    for eater in eaters:
        eater.start()
    for job in range(0, 6_000, 400):
        jobs.put(job)
    for _ in eaters:
        jobs.put(None)
    for eater in eaters:
        eater.join()
    out.put((name, total[0]))


if __name__ == "__main__":
    out = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=busy, args=(name, out)) for name in "xyz"]
    for process in processes:
        process.start()
    print(sorted(out.get() for _ in processes))
    for process in processes:
        process.join()
