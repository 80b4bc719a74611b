# /// lab
# title = "ProcessPoolExecutor, and a worker that dies"
# ///
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
import os


def square(number):
    return number, sum(range(number * 1_000))


def die():
    os._exit(3)


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=2) as pool:
        print(sorted(future.result() for future in as_completed([pool.submit(square, number) for number in range(6)])))
        print(list(pool.map(square, range(4))))
    with ProcessPoolExecutor(max_workers=2) as pool:
        try:
            pool.submit(die).result()
        except BrokenProcessPool:
            print("broken")
