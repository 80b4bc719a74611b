# /// lab
# title = "Waits with a time-out between processes"
# ///
import multiprocessing, queue, time


def slow(ready, values):
    total = sum(number * number for number in range(100_000))
    ready.set()
    time.sleep(0.01)
    values.put(total)


if __name__ == "__main__":
    ready, values = multiprocessing.Event(), multiprocessing.Queue()
    child = multiprocessing.Process(target=slow, args=(ready, values))
    child.start()
    print(ready.wait(0.001))
    print(ready.wait(5))
    try:
        values.get(timeout=0.002)
    except queue.Empty:
        print("empty")
    print(values.get(timeout=5))
    child.join(timeout=5)
    print(child.exitcode)
