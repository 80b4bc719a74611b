# /// lab
# title = "Interpreters with a GIL each, on three cores"
# python = "3.14"
# cores = 3
# ///
import threading
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor


def count(n):
    while n > 0:
        n -= 1
    return n


def work(n):
    import threading
    done = []
    lock = threading.Lock()
    def part(k):
        for _ in range(n):
            with lock:
                done.append(k)
    threads = [threading.Thread(target=part, args=(k,)) for k in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return len(done)


if __name__ == '__main__':
    requests, answers = interpreters.create_queue(2), interpreters.create_queue()
    server = interpreters.create()
    server.prepare_main(requests=requests, answers=answers)
    t = threading.Thread(target=server.exec, args=('''if True:
        while (n := requests.get()) is not None:
            answers.put(n * n)
    ''',))
    t.start()
    for n in range(5):
        requests.put(n)
    with InterpreterPoolExecutor(3) as pool:
        print(list(pool.map(count, [30_000, 60_000, 90_000])), list(pool.map(work, [200, 300])))
    requests.put(None)
    t.join()
    print([answers.get() for _ in range(5)])
