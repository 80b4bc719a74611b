# Pools in pools: daemonic workers may have no children, executors' workers may; processes that make processes, and who waits for whom.
import multiprocessing as mp
import os
from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


def pool_inside(n):
    try:
        with mp.Pool(1) as pool:
            return pool.map(square, range(n))
    except AssertionError as error:
        return str(error)


def executor_inside(n):
    with ProcessPoolExecutor(1) as executor:
        return list(executor.map(square, range(n)))


def tree(depth, queue):
    if depth:
        children = [mp.Process(target=tree, args=(depth - 1, queue)) for _ in range(2)]
        for child in children:
            child.start()
        for child in children:
            child.join()
    queue.put((depth, mp.current_process()._identity, mp.parent_process().pid == os.getppid()))


if __name__ == '__main__':
    mp.set_start_method('fork')
    with mp.Pool(2) as pool:
        print(pool.map(pool_inside, [2, 3]))
    with ProcessPoolExecutor(2) as executor:
        print(list(executor.map(executor_inside, [2, 4])), list(executor.map(pool_inside, [3])))
    queue = mp.Queue()
    root = mp.Process(target=tree, args=(2, queue))
    root.start()
    print(sorted(queue.get() for _ in range(7)))
    root.join()
    print(root.exitcode)
