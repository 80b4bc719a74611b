# /// lab
# title = "A pool maps, with chunks, callbacks and an exception"
# ///
import multiprocessing, os


def work(number):
    if number == 13:
        raise ValueError("thirteen")
    total = 0
    for step in range(1_500 + 100 * number):
        total += step * number
    return number, total


if __name__ == "__main__":
    with multiprocessing.Pool(3) as pool:
        print(pool.map(work, range(12), chunksize=2)[-1])
        print(sorted(pool.imap_unordered(work, range(8)))[-1])
        told = []
        wanted = pool.apply_async(work, (5,), callback=told.append)
        wanted.wait()
        print(told)
        try:
            pool.apply(work, (13,))
        except ValueError as error:
            print("error", error)
        pool.close()
        pool.join()
