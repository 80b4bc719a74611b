# /// lab
# title = "Ordered locks"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()

def transfer(source, target, amount):
    # Always the smaller number first: no cycle of waits can arise.
    first, second = sorted((source, target), key=lambda account: account.number)
    with first.lock:
        time.sleep(0.005)
        with second.lock:
            time.sleep(0.005)
            source.balance -= amount
            target.balance += amount

a, b = Account(1, 100), Account(2, 100)
threads = [
    threading.Thread(target=transfer, args=(a, b, 10), name="A to B"),
    threading.Thread(target=transfer, args=(b, a, 30), name="B to A"),
]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(a.balance, b.balance)
