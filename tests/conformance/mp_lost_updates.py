# Processes that add to one number without its lock may lose updates, but never make any up; with the lock none is lost. Between two reads
# that nobody disturbs nothing changes.
import multiprocessing as mp
import time


def add(value, times):
    for _ in range(times):
        value.value += 1


def add_locked(value, times):
    for _ in range(times):
        with value.get_lock():
            value.value += 1


def slowly(value):
    seen = value.value
    time.sleep(0.2)
    value.value = seen + 1


def total(target, make, count, *args):
    value = make('i', 0)
    children = [mp.Process(target=target, args=(value, *args)) for _ in range(count)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return value.value


if __name__ == '__main__':
    mp.set_start_method('fork')
    lost = total(add, mp.Value, 2, 2000)
    print(0 < lost <= 4000)
    print(total(add_locked, mp.Value, 2, 500))
    # All read before any writes: of three updates one is left.
    print(total(slowly, mp.Value, 3))
