# /// lab
# cores = 2
# ///
# Work of C code in one thread after the other and in two at once: with the GIL it takes as long, without it half.
import hashlib
import lab
import os
import resource
import threading
import time
import zlib

data = bytes(range(256)) * 40_000


def ratio(name, function):
    start = time.perf_counter()
    function()
    function()
    alone = time.perf_counter() - start
    threads = [threading.Thread(target=function) for _ in range(2)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f'{name}: {alone / (time.perf_counter() - start):.2f}')


def small():
    for _ in range(2000):
        hashlib.sha256(b'x' * 2000)


begin = time.perf_counter()
small()
print('a small hash, ns:', (time.perf_counter() - begin) / 2000 * 1e9)
ratio('c_call with the GIL', lambda: lab.c_call(0.5))
ratio('c_call without the GIL', lambda: lab.c_call(0.5, release_gil=True))
ratio('sha256', lambda: hashlib.sha256(data))
ratio('sha256 in small pieces', small)
ratio('crc32', lambda: [zlib.crc32(data) for _ in range(5)])
ratio('compress', lambda: zlib.compress(data[:2_000_000]))

before = time.process_time(), time.thread_time(), time.perf_counter()
time.sleep(1)
lab.c_call(0.25, release_gil=True)
after = time.process_time(), time.thread_time(), time.perf_counter()
print('spent', *(round(b - a, 2) for a, b in zip(before, after)))
used = resource.getrusage(resource.RUSAGE_SELF)
print('usage', used.ru_utime > 0, used.ru_stime > 1, used.ru_maxrss > 1000, used.ru_nvcsw > 5)
mine = resource.getrusage(resource.RUSAGE_THREAD)
print('thread', mine.ru_utime <= used.ru_utime, mine.ru_nvcsw < used.ru_nvcsw)
print('cpus', os.cpu_count(), os.process_cpu_count(), os.sched_getaffinity(0), os.sysconf('SC_NPROCESSORS_ONLN'))
user, system, *_, elapsed = os.times()
print('times', user + system > 1, system > 1, abs(elapsed - time.monotonic()) < 0.1, 0 < os.getloadavg()[0] < 2)
print('random', os.urandom(4).hex(), os.getrandom(4).hex() if hasattr(os, 'getrandom') else '')
