# /// lab
# title = "A dict and a list that live with a manager"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: a third process, the manager's, holds the dict and the list; every d[...] is a message there and one back.
# Change: an ordinary dict and list: the child changes its copies only.
from multiprocessing import Manager, Process

def f(d, l):
    d["python"] = "good"
    d["java"] = "not so much"
    d[1] = "😁"
    l.reverse()

if __name__ == "__main__":
    with Manager() as manager:
        d = manager.dict()
        l = manager.list(range(10))
        p = Process(target=f, args=(d, l))
        p.start()
        p.join()
        print(d)
        print(l)
