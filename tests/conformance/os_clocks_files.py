# Clocks by their numbers, writing at a place, locks from the position on, the end by os.abort.
import os, signal, sys, time

print('-- clocks')
for clock in (time.CLOCK_REALTIME, time.CLOCK_MONOTONIC, time.CLOCK_PROCESS_CPUTIME_ID, time.CLOCK_THREAD_CPUTIME_ID):
    a = time.clock_gettime(clock)
    b = time.clock_gettime_ns(clock)
    print(type(a).__name__, type(b).__name__, a * 1e9 <= b + 1000, time.clock_getres(clock) <= 1e-6)
start, busy = time.clock_gettime(time.CLOCK_MONOTONIC), time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID)
time.sleep(0.2)
print(round(time.clock_gettime(time.CLOCK_MONOTONIC) - start, 1), round(time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) - busy, 1))
for function, arguments in ((time.clock_gettime, (1234,)), (time.clock_settime, (time.CLOCK_MONOTONIC, 1.0)), (time.clock_gettime, ('x',))):
    try:
        function(*arguments)
    except (OSError, TypeError) as error:
        print(type(error).__name__, getattr(error, 'errno', None))

print('-- files')
fd = os.open('place.tmp', os.O_RDWR | os.O_CREAT)
os.write(fd, b'0123456789')
print(os.pwrite(fd, b'abc', 4), os.lseek(fd, 0, 1), os.pread(fd, 20, 0))
os.fdatasync(fd)
os.sync()
os.lseek(fd, 4, 0)
os.lockf(fd, os.F_LOCK, 3)
sys.stdout.flush()
pid = os.fork()
if pid == 0:
    seen = []
    for place, command in ((0, os.F_TEST), (4, os.F_TEST), (6, os.F_TLOCK), (7, os.F_TLOCK)):
        os.lseek(fd, place, 0)
        try:
            os.lockf(fd, command, 2)
            seen.append('free')
        except OSError as error:
            seen.append(type(error).__name__)
    print(seen, flush=True)
    os._exit(0)
os.waitpid(pid, 0)
os.lseek(fd, 4, 0)
os.lockf(fd, os.F_ULOCK, 0)
try:
    os.lockf(fd, 77, 0)
except OSError as error:
    print(error.errno)
os.close(fd)
os.unlink('place.tmp')
print(len(os.getrandom(8)), os.EX_CONFIG, os.EX_TEMPFAIL)

print('-- abort')
sys.stdout.flush()
pid = os.fork()
if pid == 0:
    signal.signal(signal.SIGABRT, signal.SIG_IGN)
    os.abort()
    os._exit(0)
print(os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGABRT)
