"""Two processes that compute, at least 2 s of real time each."""
import multiprocessing


def count(number):
    total = 0
    while number:
        number -= 1
        total += number & 3
    return total


if __name__ == "__main__":
    processes = [multiprocessing.Process(target=count, args=(80_000_000,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print([process.exitcode for process in processes])
