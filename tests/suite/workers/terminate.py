# /// lab
# title = "A process that computes is terminated, one that sleeps is killed"
# ///
import multiprocessing, time


def compute():
    total = 0
    while True:
        total += 1


def sleep():
    time.sleep(100)


if __name__ == "__main__":
    first = multiprocessing.Process(target=compute)
    second = multiprocessing.Process(target=sleep)
    first.start()
    second.start()
    first.join(timeout=0.02)
    print(first.is_alive(), second.is_alive())
    first.terminate()
    second.kill()
    first.join()
    second.join()
    print(first.exitcode, second.exitcode)
