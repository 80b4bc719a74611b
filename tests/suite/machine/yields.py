# One core: who yields it lets the other thread run, who does not keeps it under a cooperative system.
import os
import threading


def work(me, give):
    ready.wait()
    for _ in range(4):
        order.append(me)
        if give:
            os.sched_yield()


for give in True, False:
    order, ready = [], threading.Barrier(2)
    threads = [threading.Thread(target=work, args=(me, give)) for me in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(a != b for a, b in zip(order, order[1:])))
