# JoinableQueue: work that is waited for, task_done called too often, workers that are told to stop; and how queues close.
import multiprocessing as mp
import queue as plain
import time


def work(tasks, results):
    while True:
        task = tasks.get()
        if task is None:
            tasks.task_done()
            break
        results.put(task * task)
        tasks.task_done()


def slow(tasks):
    while True:
        tasks.get()
        time.sleep(0.05)
        tasks.task_done()


def attempt(do, *args, **kwargs):
    try:
        print(do(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, str(error).partition(' <')[0], str(error).rpartition('> ')[2])


if __name__ == '__main__':
    mp.set_start_method('fork')
    tasks, results = mp.JoinableQueue(), mp.Queue()
    workers = [mp.Process(target=work, args=(tasks, results)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for i in range(10):
        tasks.put(i)
    tasks.join()
    print(sorted(results.get() for _ in range(10)), tasks.empty())
    for _ in workers:
        tasks.put(None)
    tasks.join()
    for worker in workers:
        worker.join()
    print([worker.exitcode for worker in workers])
    attempt(tasks.task_done)

    tasks = mp.JoinableQueue()
    worker = mp.Process(target=slow, args=(tasks,), daemon=True)
    worker.start()
    for i in range(4):
        tasks.put(i)
    began = time.monotonic()
    tasks.join()
    print(time.monotonic() - began > 0.15)

    bounded = mp.Queue(2)
    bounded.put('a')
    bounded.put('b')
    attempt(bounded.put, 'c', timeout=0.05)
    attempt(bounded.put_nowait, 'c')
    time.sleep(0.1)
    print(bounded.full(), bounded.qsize(), bounded.get(), bounded.get())
    attempt(bounded.get, timeout=0.05)
    attempt(bounded.get_nowait)
    attempt(bounded.get, False)
    bounded.close()
    attempt(bounded.put, 1)
    attempt(bounded.get)
    bounded.join_thread()
    unused = mp.Queue()
    attempt(unused.join_thread)
    simple = mp.SimpleQueue()
    simple.put([1])
    print(simple.empty(), simple.get(), simple.empty())
    simple.close()
    attempt(simple.put, 1)
    print(issubclass(plain.Empty, Exception), mp.queues.Empty is plain.Empty)
