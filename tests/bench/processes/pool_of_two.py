"""A pool of two processes with 64 tasks of about 20 ms of real time."""
import multiprocessing


def task(number):
    total = 0
    for step in range(500_000):
        total += step ^ number
    return total


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(len(pool.map(task, range(64), chunksize=1)))
