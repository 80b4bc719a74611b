# /// lab
# title = "An RLock as a monitor"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

class Account:
    """Every method takes the same re-entrant lock, so methods may call methods."""

    def __init__(self):
        self.lock = threading.RLock()
        self.balance = 0

    def deposit(self, amount):
        with self.lock:
            before = self.balance
            time.sleep(0.002)
            self.balance = before + amount

    def deposit_twice(self, amount):
        with self.lock:         # taken here, and taken again inside deposit()
            self.deposit(amount)
            self.deposit(amount)

account = Account()
threads = [threading.Thread(target=account.deposit_twice, args=(10,), name=f"T{i}") for i in range(1, 5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("balance", account.balance)
