# /// lab
# title = "Locks, semaphores and a condition between processes"
# ///
import multiprocessing, time


def meet(name, lock, limit, turn, out):
    with limit:
        spent = sum(range(3_000 * (name + 1)))
    with lock:
        out.put((name, spent))
    with turn:
        turn.notify_all()


def listen(turn, ready, out):
    with turn:
        ready.set()
        out.put(("heard", turn.wait(timeout=10)))


if __name__ == "__main__":
    lock, limit = multiprocessing.Lock(), multiprocessing.Semaphore(2)
    turn, ready, out = multiprocessing.Condition(), multiprocessing.Event(), multiprocessing.SimpleQueue()
    ear = multiprocessing.Process(target=listen, args=(turn, ready, out))
    ear.start()
    ready.wait()
    people = [multiprocessing.Process(target=meet, args=(name, lock, limit, turn, out)) for name in range(3)]
    for one in people:
        one.start()
    print(sorted((out.get() for _ in range(4)), key=str))
    for one in people + [ear]:
        one.join()
