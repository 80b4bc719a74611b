# Every kind of wait for another thread, many times: it ends, whatever the cores do at the same time.
import queue
import threading
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(4) as executor:
    print(sum(executor.map(abs, range(20))))


def run(*functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def repeat(manager):
    for _ in range(10):
        with manager:
            pass


for manager in (threading.Lock(), threading.RLock(), threading.Semaphore(2), threading.Condition()):
    run(*[lambda: repeat(manager)] * 4)

for items in (queue.SimpleQueue(), queue.Queue(2)):
    put = lambda: [items.put(n) for n in range(10)]
    get = lambda: [items.get() for _ in range(10)]
    run(put, get, put, get)

event = threading.Event()
run(event.wait, event.wait, event.set)
barrier = threading.Barrier(3)
run(*[lambda: [barrier.wait() for _ in range(5)]] * 3)

condition, turns = threading.Condition(), 0


def take_turns(own):
    global turns
    for _ in range(10):
        with condition:
            condition.wait_for(lambda: turns % 2 == own)
            turns += 1
            condition.notify()


run(lambda: take_turns(0), lambda: take_turns(1))
print(turns)
