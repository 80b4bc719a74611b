# Signals and processes: handlers in children, KeyboardInterrupt, masks over forks, alarm, SIGCHLD, stop and go on, exit by default actions.
import multiprocessing as mp
import os
import signal
import time


def handled(queue):
    signal.signal(signal.SIGTERM, lambda number, frame: queue.put(('handled', signal.Signals(number).name)) or (_ for _ in ()).throw(SystemExit(3)))
    queue.put('ready')
    time.sleep(10)


def interrupted(queue):
    try:
        queue.put('ready')
        time.sleep(10)
    except KeyboardInterrupt:
        queue.put('interrupted')


def masked(queue):
    queue.put(signal.SIGUSR1 in signal.pthread_sigmask(signal.SIG_BLOCK, []))
    queue.put(signal.sigwait([signal.SIGUSR1]) == signal.SIGUSR1)


def ticks(value):
    while True:
        value.value += 1
        time.sleep(0.01)


if __name__ == '__main__':
    mp.set_start_method('fork')
    queue = mp.SimpleQueue()
    child = mp.Process(target=handled, args=(queue,))
    child.start()
    queue.get()
    child.terminate()
    print(queue.get(), child.join(), child.exitcode)
    child = mp.Process(target=interrupted, args=(queue,))
    child.start()
    queue.get()
    os.kill(child.pid, signal.SIGINT)
    print(queue.get(), child.join(), child.exitcode)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    child = mp.Process(target=masked, args=(queue,))
    child.start()
    print(queue.get())
    os.kill(child.pid, signal.SIGUSR1)
    print(queue.get(), child.join(), child.exitcode)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])

    value = mp.Value('i', 0, lock=False)
    child = mp.Process(target=ticks, args=(value,), daemon=True)
    child.start()
    time.sleep(0.2)
    os.kill(child.pid, signal.SIGSTOP)
    time.sleep(0.1)
    seen = value.value
    time.sleep(0.2)
    print(seen > 3, value.value == seen, child.is_alive())
    os.kill(child.pid, signal.SIGCONT)
    time.sleep(0.2)
    print(value.value > seen)
    child.kill()
    child.join()
    print(child.exitcode)
    for number in (signal.SIGUSR1, signal.SIGHUP, signal.SIGSEGV, signal.SIGALRM, signal.SIGABRT):
        child = mp.Process(target=time.sleep, args=(10,))
        child.start()
        time.sleep(0.05)
        os.kill(child.pid, number)
        child.join()
        print(child.exitcode, end=' ')
    print()
    seen = []
    signal.signal(signal.SIGCHLD, lambda number, frame: seen.append(number))
    child = mp.Process(target=time.sleep, args=(0.1,))
    child.start()
    time.sleep(0.5)
    child.join()
    print(seen == [signal.SIGCHLD], child.exitcode)
