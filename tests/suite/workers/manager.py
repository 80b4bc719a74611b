# /// lab
# title = "A manager's dict, list and lock, used by three processes"
# ///
import multiprocessing


def add(shared, log, lock, name):
    for number in range(5):
        with lock:
            shared["sum"] = shared["sum"] + number
        log.append((name, number))


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        shared, log, lock = manager.dict(sum=0), manager.list(), manager.Lock()
        workers = [multiprocessing.Process(target=add, args=(shared, log, lock, name)) for name in "abc"]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print(shared["sum"], len(log), list(log)[:4])
