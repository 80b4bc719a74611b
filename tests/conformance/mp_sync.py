# multiprocessing's Lock, RLock, Semaphore, Event, Condition and Barrier, by fork.
import multiprocessing as mp
import os
import threading
import time

mp.set_start_method('fork')
read, write = mp.Pipe(False)


def run(*targets):
    processes = [mp.Process(target=target) for target in targets]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    return [p.exitcode for p in processes]


lock = mp.Lock()
path = f'/tmp/mp_sync_{os.getpid()}'


def add():
    for _ in range(20):
        with lock:
            with open(path) as file:
                n = int(file.read())
            with open(path, 'w') as file:
                file.write(str(n + 1))


with open(path, 'w') as file:
    file.write('0')
print(run(add, add, add))
with open(path) as file:
    print(file.read())
os.unlink(path)
print(lock.acquire(), lock.acquire(block=False), lock.acquire(timeout=0.05))
print(repr(lock).split(',')[0])
lock.release()
try:
    lock.release()
except ValueError as error:
    print(error)
lock.acquire()
run(lambda: write.send(lock.acquire(timeout=0.1)))
print(read.recv())
p = mp.Process(target=lambda: (lock.acquire(), write.send('got it'), lock.release()))
p.start()
time.sleep(0.1)
write.send('released')
lock.release()
p.join()
print(read.recv(), read.recv())

rlock = mp.RLock()
with rlock, rlock:
    run(lambda: write.send(rlock.acquire(False)))
    print(read.recv())
try:
    rlock.release()
except AssertionError as error:
    print(error)
run(lambda: write.send(rlock.acquire(False)))
print(read.recv())

semaphore = mp.Semaphore(2)
print(semaphore.get_value(), semaphore.acquire(), semaphore.acquire(), semaphore.acquire(False))
run(lambda: (semaphore.release(), semaphore.release(), semaphore.release()))
print(semaphore.get_value())
bounded = mp.BoundedSemaphore(1)
try:
    bounded.release()
except ValueError as error:
    print(error)

event = mp.Event()
print(event.is_set(), event.wait(0.05))
p = mp.Process(target=lambda: write.send((event.wait(), event.is_set())))
p.start()
time.sleep(0.1)
event.set()
p.join()
print(read.recv(), event.is_set())
event.clear()
print(event.is_set())

condition = mp.Condition()
ready = mp.Semaphore(0)


def wait_for_it(n):
    with condition:
        ready.release()
        condition.wait()
    write.send(n)


waiters = [mp.Process(target=wait_for_it, args=(n,)) for n in range(3)]
for p in waiters:
    p.start()
for _ in waiters:
    ready.acquire()
with condition:
    condition.notify_all()
for p in waiters:
    p.join()
print(sorted(read.recv() for _ in waiters))
with condition:
    print(condition.wait(0.05), condition.wait_for(lambda: False, 0.05))

gate = mp.Semaphore(1)
threads = [threading.Thread(target=gate.acquire) for _ in range(2)]
for t in threads:
    t.start()
time.sleep(0.1)
print(sum(t.is_alive() for t in threads))
gate.release()
for t in threads:
    t.join()
print(gate.get_value())
