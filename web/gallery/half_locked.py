# /// lab
# title = "A lock in one place only"
# python = "3.13"
# cores = 2
# ///
import threading
import time

# The lock protects nothing by itself: everybody who touches the balance has to take it. deposit() does, audit() does not, so the audit sees
# the money that is between two accounts as lost.
# Look at: the read of audit() inside the owner's slice of the lock. Change: put `with guard:` around the sum.

guard = threading.Lock()
accounts = {"savings": 100, "current": 0}
sums = []


def move(amount):
    guard.acquire()
    try:                        # whatever happens, the lock is given back
        accounts["savings"] -= amount
        time.sleep(0.010)       # the other account is far away
        accounts["current"] += amount
    finally:
        guard.release()


def audit():
    sums.append(sum(accounts.values()))


mover = threading.Thread(target=move, args=(30,), name="mover")
auditor = threading.Timer(0.005, audit)
mover.start(); auditor.start()
mover.join(); auditor.join()
audit()
print("the audits found", sums)
