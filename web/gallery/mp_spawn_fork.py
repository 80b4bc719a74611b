# /// lab
# title = "Spawn against fork: what a child knows"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: fork copies everything as it is now; the spawned one is a new Python that reads the file again, as __mp_main__, and so takes far
# longer. The forkserver forks from a clean process.
# Change: leave out the main guard and see what spawn says.
import multiprocessing as mp
import time

print("the file is read as", __name__, flush=True)
colour = "as written"

def child(method):
    print(f"{method}: colour is {colour}", flush=True)

if __name__ == "__main__":
    colour = "changed by the parent"
    took = {}
    for method in ("fork", "spawn", "forkserver"):
        begin = time.perf_counter()
        p = mp.get_context(method).Process(target=child, args=(method,))
        p.start()
        p.join()
        took[method] = time.perf_counter() - begin
    print("spawn takes several times as long as fork:", took["spawn"] > 3 * took["fork"])
