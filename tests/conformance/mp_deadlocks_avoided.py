# Programs that would hang if done carelessly, done right: join after the queue is drained, ordered locks, queues that do not keep a child from ending.
import multiprocessing as mp
import time


def produce(queue, count):
    for i in range(count):
        queue.put(bytes(1000))


def careless(queue):
    queue.put(bytes(200_000))
    queue.cancel_join_thread()


def transfer(first, second, accounts, a, b, times):
    for _ in range(times):
        with first, second:
            accounts[a] -= 1
            accounts[b] += 1


def philosopher(i, forks, eaten):
    left, right = sorted((i, (i + 1) % len(forks)))
    for _ in range(5):
        with forks[left]:
            with forks[right]:
                eaten[i] += 1
                time.sleep(0.001)


if __name__ == '__main__':
    mp.set_start_method('fork')
    queue = mp.Queue()
    child = mp.Process(target=produce, args=(queue, 300))
    child.start()
    print(sum(len(queue.get()) for _ in range(300)), child.join(), child.exitcode)

    queue = mp.Queue()
    child = mp.Process(target=careless, args=(queue,))
    child.start()
    child.join()
    print(child.exitcode)

    locks, accounts = [mp.Lock(), mp.Lock()], mp.Array('i', [100, 100], lock=False)
    children = [mp.Process(target=transfer, args=(locks[0], locks[1], accounts, a, 1 - a, 30 + a)) for a in (0, 1)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(list(accounts))

    forks, eaten = [mp.Lock() for _ in range(4)], mp.Array('i', 4)
    children = [mp.Process(target=philosopher, args=(i, forks, eaten)) for i in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(eaten[:])
