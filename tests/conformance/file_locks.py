# Advisory locks on files: flock of open files, lockf and fcntl of processes.
import errno, fcntl, os, struct, time

path = 'locked.tmp'
with open(path, 'wb') as file:
    file.write(bytes(100))

def child(function):
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            code = function() or 0
        finally:
            os._exit(code)
    return pid

def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def refused(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return type(error).__name__, errno.errorcode[error.errno]
    return 'went well'

print('-- flock: two open files of one process are in each other\'s way')
a, b = open(path, 'r+b'), open(path, 'r+b')
fcntl.flock(a, fcntl.LOCK_SH)
fcntl.flock(b, fcntl.LOCK_SH)
print(refused(fcntl.flock, b, fcntl.LOCK_EX | fcntl.LOCK_NB))
fcntl.flock(a, fcntl.LOCK_UN)
print(refused(fcntl.flock, b, fcntl.LOCK_EX | fcntl.LOCK_NB))
print(refused(fcntl.flock, a, fcntl.LOCK_SH | fcntl.LOCK_NB))
c = os.dup(b.fileno())
b.close()
print(refused(fcntl.flock, a, fcntl.LOCK_EX | fcntl.LOCK_NB))
os.close(c)
print(refused(fcntl.flock, a, fcntl.LOCK_EX | fcntl.LOCK_NB))

print('-- a forked process shares the lock of an open file, and waits for another')
def shares():
    return 0 if refused(fcntl.flock, a, fcntl.LOCK_EX | fcntl.LOCK_NB) == 'went well' else 1
print(ended(child(shares)))
def waits():
    start = time.monotonic()
    with open(path, 'r+b') as other:
        fcntl.flock(other, fcntl.LOCK_EX)
    return round((time.monotonic() - start) * 10)
a.close()
a = open(path, 'r+b')
pid = os.fork()
if pid == 0:
    os.close(a.fileno())
    os._exit(waits())
fcntl.flock(a, fcntl.LOCK_EX)
time.sleep(0.3)
a.close()
print(ended(pid) in (0, 3))

print('-- lockf: parts of a file, by process')
a, b = open(path, 'r+b'), open(path, 'r+b')
fcntl.lockf(a, fcntl.LOCK_EX, 10, 20)
fcntl.lockf(b, fcntl.LOCK_EX, 10, 20)
def asks(*arguments):
    def function():
        with open(path, 'r+b') as mine:
            return 1 if refused(fcntl.lockf, mine, *arguments) == 'went well' else 2
    return ended(child(function))
nb = fcntl.LOCK_EX | fcntl.LOCK_NB
print([asks(nb, *where) for where in ((0,), (20, 0), (21, 0), (1, 29), (1, 30), (5, -10, 2), (0, 30), (20, -80, 2))])
fcntl.lockf(a, fcntl.LOCK_UN, 2, 24)
print([asks(nb, *where) for where in ((1, 23), (2, 24), (1, 26), (3, 24))])
fcntl.lockf(a, fcntl.LOCK_SH, 10, 20)
print(asks(fcntl.LOCK_SH | fcntl.LOCK_NB, 10, 20), asks(nb, 10, 20))
b.close()
print(asks(nb, 10, 20))
ro, wo = os.open(path, os.O_RDONLY), os.open(path, os.O_WRONLY)
print(refused(fcntl.lockf, ro, fcntl.LOCK_EX), refused(fcntl.lockf, wo, fcntl.LOCK_SH), refused(fcntl.lockf, ro, nb, 1, -5))

print('-- fcntl with struct flock')
def flock(kind, start, length, pid=0):
    return struct.pack('hhqqi4x', kind, 0, start, length, pid)
got = fcntl.fcntl(a, fcntl.F_SETLK, flock(fcntl.F_WRLCK, 5, 6))
print(struct.unpack('hhqqi4x', got)[:4] == (fcntl.F_WRLCK, 0, 5, 6))
parent = os.getpid()
def finds():
    kind, whence, start, length, pid = struct.unpack('hhqqi4x', fcntl.fcntl(a, fcntl.F_GETLK, flock(fcntl.F_RDLCK, 0, 0)))
    free = struct.unpack('hhqqi4x', fcntl.fcntl(a, fcntl.F_GETLK, flock(fcntl.F_WRLCK, 50, 1)))[0]
    return 0 if (kind, whence, start, length, pid, free) == (fcntl.F_WRLCK, 0, 5, 6, parent, fcntl.F_UNLCK) else 1
print(ended(child(finds)))
print(refused(fcntl.fcntl, a, fcntl.F_SETLK, flock(77, 0, 0)))

print('-- who waits gets the lock when its holder ends')
read, write = os.pipe()
def holds():
    fcntl.lockf(a, fcntl.LOCK_EX, 1, 90)
    os.write(write, b'x')
    time.sleep(0.1)
def gets():
    fcntl.lockf(a, fcntl.LOCK_EX, 1, 90)
    return 5
first = child(holds)
os.read(read, 1)
second = child(gets)
print(ended(first), ended(second))

print('-- two that would wait for each other')
def crossed():
    fcntl.lockf(a, fcntl.LOCK_EX, 1, 2)
    os.write(write, b'x')
    time.sleep(0.2)
    fcntl.lockf(a, fcntl.LOCK_EX, 1, 1)
    return 3
a.close()
a = open(path, 'r+b')
fcntl.lockf(a, fcntl.LOCK_EX, 1, 1)
pid = child(crossed)
os.read(read, 1)
time.sleep(0.4)
print(refused(fcntl.lockf, a, fcntl.LOCK_EX, 1, 2))
fcntl.lockf(a, fcntl.LOCK_UN)
print(ended(pid))

print('-- what is refused')
print(refused(fcntl.flock, a, 0), refused(fcntl.flock, 555, fcntl.LOCK_SH), refused(fcntl.lockf, 555, fcntl.LOCK_SH))
for function, arguments in ((fcntl.lockf, (a, 0)), (fcntl.flock, (-1, 1)), (fcntl.flock, ('spam', 1))):
    try:
        function(*arguments)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
a.close()
os.unlink(path)
