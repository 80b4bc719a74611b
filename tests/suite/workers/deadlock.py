# /// lab
# title = "Two processes wait for each other's lock"
# ///
import multiprocessing, time


def take(mine, other):
    with mine:
        time.sleep(0.01)
        with other:
            print("never")


if __name__ == "__main__":
    left, right = multiprocessing.Lock(), multiprocessing.Lock()
    one = multiprocessing.Process(target=take, args=(left, right))
    two = multiprocessing.Process(target=take, args=(right, left))
    one.start()
    two.start()
    one.join()
    two.join()
