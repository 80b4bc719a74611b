# Locks and their kin between processes: who may release, time-outs, conditions, barriers that break, bounded semaphores, what they look like.
import multiprocessing as mp
import threading
import time


def hold(lock, ready, seconds):
    with lock:
        ready.set()
        time.sleep(seconds)


def release_it(lock, back):
    try:
        lock.release()
        back.put('released')
    except Exception as error:
        back.put((type(error).__name__, str(error)))


def wait_for(condition, value, back):
    with condition:
        back.put('waits')
        print_value = condition.wait_for(lambda: value.value >= 3, timeout=10)
        back.put((print_value, value.value))


def meet(barrier, back):
    try:
        back.put(barrier.wait(5))
    except threading.BrokenBarrierError:
        back.put('broken')


def attempt(do, *args):
    try:
        print(do(*args))
    except Exception as error:
        print(type(error).__name__, error)


if __name__ == '__main__':
    mp.set_start_method('fork')
    back = mp.SimpleQueue()
    for make in (mp.Lock, mp.RLock):
        lock, ready = make(), mp.Event()
        print(lock, lock.acquire(), lock)
        child = mp.Process(target=release_it, args=(lock, back))
        child.start()
        child.join()
        print(back.get())
        attempt(lock.release)
        child = mp.Process(target=hold, args=(lock, ready, 0.3))
        child.start()
        ready.wait()
        print(lock.acquire(False), lock.acquire(timeout=0.05), lock.acquire(True, 5))
        lock.release()
        child.join()
        attempt(lock.release)
    rlock = mp.RLock()
    print(rlock.acquire(), rlock.acquire(), rlock, rlock.release(), rlock.release())
    bounded, free = mp.BoundedSemaphore(2), mp.Semaphore(0)
    print(bounded.acquire(), bounded, bounded.release(), free, free.release(), free.get_value(), free.acquire(), free.acquire(False))
    attempt(bounded.release)

    condition, value = mp.Condition(), mp.Value('i', 0)
    children = [mp.Process(target=wait_for, args=(condition, value, back)) for _ in range(2)]
    for child in children:
        child.start()
    print(back.get(), back.get())
    time.sleep(0.2)
    print(condition)
    for _ in range(3):
        with condition:
            value.value += 1
            condition.notify_all()
        time.sleep(0.05)
    print(back.get(), back.get())
    attempt(condition.notify)
    attempt(condition.wait, 0.1)
    with condition:
        print(condition.wait(0.05))
    event = mp.Event()
    print(event.is_set(), event.wait(0.05), event.set(), event.wait(), repr(event).endswith(' set>'), event.clear(), event.is_set())

    barrier = mp.Barrier(3, timeout=10)
    children = [mp.Process(target=meet, args=(barrier, back)) for _ in range(3)]
    for child in children:
        child.start()
    print(sorted(back.get() for _ in children), barrier.parties, barrier.n_waiting, barrier.broken)
    child = mp.Process(target=meet, args=(barrier, back))
    child.start()
    while not barrier.n_waiting:
        time.sleep(0.01)
    barrier.abort()
    print(back.get(), barrier.broken)
    attempt(barrier.wait)
    barrier.reset()
    print(barrier.broken)
    attempt(mp.Semaphore, -1)
