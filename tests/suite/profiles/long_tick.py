# /// lab
# title = "One tick of seconds"
# python = "2.7"
# os-scheduler = "round-robin"
# quantum = "10ms"
# computer = "macbook-2009"
# ///
"""David Beazley, USENIX 2009: `-1 in xrange(100000000)` is one tick of the interpreter; nobody else runs, no Ctrl-C is noticed."""
import threading
import time

N = 100_000_000
longest, last, over = 0.0, time.perf_counter(), False


def ticker():
    global longest, last
    while not over:
        now = time.perf_counter()
        longest = max(longest, now - last)
        last = now
        time.sleep(0.001)
    longest = max(longest, time.perf_counter() - last)


t = threading.Thread(target=ticker)
t.start()
time.sleep(0.01)
begin = time.perf_counter()
print(-1 in iter(range(N)))
took = time.perf_counter() - begin
over = True
t.join()
print(took, longest)
