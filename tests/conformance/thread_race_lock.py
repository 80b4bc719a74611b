# A shared counter with a lock never loses an update; with joins in between it does not need one.
import threading

count = 0
lock = threading.Lock()


def add(times):
    global count
    for _ in range(times):
        with lock:
            count += 1


def sub(times):
    global count
    for _ in range(times):
        lock.acquire()
        try:
            count -= 1
        finally:
            lock.release()


threads = [threading.Thread(target=add, args=(3000,)) for _ in range(3)] + [threading.Thread(target=sub, args=(2000,))]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(count)


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()

    def withdraw(self, amount):
        with self.lock:
            if self.balance >= amount:
                self.balance -= amount
                return True
            return False


account = Account(1000)
granted = []


def customer():
    while account.withdraw(7):
        granted.append(7)


threads = [threading.Thread(target=customer) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(account.balance, sum(granted), len(granted))
