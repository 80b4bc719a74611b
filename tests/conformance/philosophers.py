# Dining philosophers with ordered forks and with a waiter: everybody eats.
import threading
import time

SEATS = 5
forks = [threading.Lock() for _ in range(SEATS)]
meals = [0] * SEATS


def ordered(seat):
    low, high = sorted((seat, (seat + 1) % SEATS))
    for _ in range(3):
        with forks[low], forks[high]:
            time.sleep(0.01)
            meals[seat] += 1


threads = [threading.Thread(target=ordered, args=(n,), name=f"philosopher {n}") for n in range(SEATS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(meals)
waiter = threading.Semaphore(SEATS - 1)


def polite(seat):
    for _ in range(3):
        with waiter:
            with forks[seat]:
                time.sleep(0.01)
                with forks[(seat + 1) % SEATS]:
                    meals[seat] += 1


threads = [threading.Thread(target=polite, args=(n,)) for n in range(SEATS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(meals, [f.locked() for f in forks])
