# A bank with many tellers: transfers under two ordered locks keep the sum, an audit thread sees it at every moment.
import random
import threading


class Account:
    def __init__(self, number, balance):
        self.number, self.balance = number, balance
        self.lock = threading.Lock()


random.seed(3)
accounts = [Account(n, 100) for n in range(5)]
plans = [[(random.randrange(5), random.randrange(5), random.randint(1, 20)) for _ in range(100)] for _ in range(4)]
refused = [0] * 4


def transfer(source, target, amount):
    first, second = sorted((source, target), key=lambda account: account.number)
    with first.lock, second.lock:
        if source.balance < amount:
            return False
        source.balance -= amount
        target.balance += amount
        return True


def teller(n):
    for source, target, amount in plans[n]:
        if source != target and not transfer(accounts[source], accounts[target], amount):
            refused[n] += 1


def audit(sums, stop):
    while not stop.wait(0.001):
        for account in accounts:
            account.lock.acquire()
        sums.append(sum(account.balance for account in accounts))
        for account in accounts:
            account.lock.release()


sums, stop = [], threading.Event()
auditor = threading.Thread(target=audit, args=(sums, stop))
tellers = [threading.Thread(target=teller, args=(n,)) for n in range(4)]
auditor.start()
for t in tellers:
    t.start()
for t in tellers:
    t.join()
stop.set()
auditor.join()
print(sum(account.balance for account in accounts), set(sums) <= {500}, all(account.balance >= 0 for account in accounts))
