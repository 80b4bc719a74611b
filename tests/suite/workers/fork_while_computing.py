# /// lab
# title = "Processes that fork in the middle of a computation, with another thread at work"
# cores = 3
# ///
import os, threading


def work(rounds):
    total = 0
    for number in range(rounds):
        total = (total * 31 + number) % 1_000_003
    return total


def family(depth):
    partial = work(8_000)
    helper = threading.Thread(target=work, args=(20_000,))
    helper.start()
    children = []
    if depth:
        for _ in range(2):
            pid = os.fork()
            if not pid:
                os._exit(family(depth - 1) % 50)
            children.append(pid)
    partial = (partial + work(8_000)) % 97
    helper.join()
    for pid in children:
        partial += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return partial


print(family(2))
