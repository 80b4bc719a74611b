# /// lab
# title = "SHA-512 of every file below a folder"
# python = "2.7"
# cores = 2
# os-scheduler = "round-robin"
# quantum = "10ms"
# computer = "macbook-2009"
# ///
# David Beazley (USENIX 2009): 10 s for the files of Python 3.0, 5.6 s with a pool of two processes.
# What it costs here: 150 ns for each byte, without the GIL, beside what this computer's processor and kernel take anyway (its processor
# computes with 32 bits, SHA-512 with 64). The files are 64 MB in 160 pieces, a large one last.
# Look at: the parent hands out names and waits; each worker opens, reads and digests on its own core.
# Change: POOL = False, Pool(1), BYTE_NS, cores = 1. Is ThreadPool as fast? hashlib lets go of the GIL.
import hashlib
import os
import time
from multiprocessing import Pool

import lab

POOL = True
BYTE_NS = 150
FOLDER = "/tmp/Python-3.0"

def compute_digest(filename):
    digest = hashlib.sha512()
    with open(filename, "rb") as f:
        while chunk := f.read(65536):
            digest.update(chunk)
            lab.c_call(len(chunk) * BYTE_NS * 1e-9, release_gil=True)
    return digest.hexdigest()

def make_files():
    for i in range(160):
        folder = os.path.join(FOLDER, f"part{i // 20}")
        os.makedirs(folder, exist_ok=True)
        size = 4_000_000 if i == 159 else 205_000 + i % 9 * 46_000
        with open(os.path.join(folder, f"file{i:03}.py"), "wb") as f:
            f.write(bytes([i]) * size)

def names():
    for path, dirs, files in os.walk(FOLDER):
        for name in files:
            yield os.path.join(path, name)

if __name__ == "__main__":
    make_files()
    begin = time.perf_counter()
    if POOL:
        p = Pool(2)
        results = {name: p.apply_async(compute_digest, (name,)) for name in names()}
        digests = {name: result.get() for name, result in results.items()}
    else:
        digests = {name: compute_digest(name) for name in names()}
    took = time.perf_counter() - begin
    print(len(digests), "digests, the first", min(digests.values())[:16])
    print(f"{took:.1f} s", "with a pool of two" if POOL else "alone")
