# /// lab
# title = "A manager on another computer"
# computers = "node1 script=manager_server.py latency=1ms bandwidth=10MB"
# ///
"""Processes of this computer take work from a manager that another one serves, and bring the results back."""
import multiprocessing as mp
import time
from multiprocessing.managers import BaseManager


class Work(BaseManager):
    pass


for name in ('tasks', 'results', 'table'):
    Work.register(name)


def connect(key=b'the key'):
    manager = Work(address=('node1', 50000), authkey=key)
    for attempt in range(20):
        try:
            manager.connect()
            return manager
        except ConnectionRefusedError:
            time.sleep(0.05)


def work():
    manager = connect()
    tasks, results = manager.tasks(), manager.results()
    while (n := tasks.get()) is not None:
        results.put((n, n * n))


if __name__ == '__main__':
    mp.set_start_method('fork')
    manager = connect()
    workers = [mp.Process(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    tasks, results = manager.tasks(), manager.results()
    for n in range(6):
        tasks.put(n)
    before = time.perf_counter()
    print(sorted(results.get() for _ in range(6)), time.perf_counter() - before > 0.002)
    for _ in workers:
        tasks.put(None)
    for worker in workers:
        worker.join()
    table = manager.table()
    table.update(a=1)
    print(table.copy(), [worker.exitcode for worker in workers])
    try:
        connect(b'another key')
    except mp.AuthenticationError as error:
        print(error)
    tasks.put('stop')
