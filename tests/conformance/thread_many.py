# A hundred threads at once, each waits for the one before it.
import threading

COUNT = 100
order = []
gates = [threading.Event() for _ in range(COUNT + 1)]


def link(n):
    gates[n].wait()
    order.append(n)
    gates[n + 1].set()


threads = [threading.Thread(target=link, args=(n,)) for n in range(COUNT)]
for t in reversed(threads):
    t.start()
print(threading.active_count())
gates[0].set()
gates[COUNT].wait()
for t in threads:
    t.join()
print(order == list(range(COUNT)), threading.active_count(), len({t.ident for t in threads}) >= 1)
started = []


def tree(depth):
    if depth:
        children = [threading.Thread(target=tree, args=(depth - 1,)) for _ in range(2)]
        for c in children:
            c.start()
        for c in children:
            c.join()
    started.append(depth)


tree(5)
print(len(started), [started.count(n) for n in range(6)])
