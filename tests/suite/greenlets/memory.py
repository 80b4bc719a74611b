# Stacks that wait count against the limit of memory.
from greenlet import greenlet, getcurrent
def deep(n):
    return deep(n-1) if n else getcurrent().parent.switch()
gs = []
try:
    while True:
        g = greenlet(deep); g.switch(900); gs.append(g)
except MemoryError:
    n = len(gs); gs.clear(); print('MemoryError', 100 < n < 100000)
