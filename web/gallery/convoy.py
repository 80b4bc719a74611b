# /// lab
# title = "The convoy"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

# One thread computes, the other answers short requests. Each answer needs
# the GIL only for a moment, but must wait a whole switch interval for it.
done = False
delays = []

def compute():
    n = 0
    while not done:
        n += 1

def answer():
    global done
    for _ in range(6):
        before = time.perf_counter()
        time.sleep(0.001)                   # a packet arrives after 1 ms
        delays.append(time.perf_counter() - before - 0.001)
    done = True

cpu = threading.Thread(target=compute, name="CPU")
net = threading.Thread(target=answer, name="I/O")
cpu.start(); net.start()
net.join(); cpu.join()
late = sum(delays) / len(delays)
print(f"each answer came {late * 1000:.1f} ms late, on average")
