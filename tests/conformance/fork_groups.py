# Process groups and sessions, and signals for all of a group.
import os, signal, time

def child(function):
    pid = os.fork()
    if pid == 0:
        code = 1
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
        return type(error).__name__, error.errno
    return 'went well'

own = os.getpgrp()
print(os.getpgid(0) == own, os.getpgid(os.getpid()) == own, os.getsid(0) == os.getsid(os.getpid()))

print('-- a child is in its parent\'s group until it leaves it')
print(ended(child(lambda: os.getpgrp() != own)))

def leaves():
    os.setpgid(0, 0)
    return 0 if os.getpgrp() == os.getpid() else 1

print(ended(child(leaves)))

def leads():
    os.setpgrp()
    return 0 if os.getpgid(0) == os.getpid() else 1

print(ended(child(leads)))

print('-- a session')

def session():
    os.setsid()
    good = os.getsid(0) == os.getpid() == os.getpgrp()
    return 0 if good and refused(os.setsid)[1] == 1 and refused(os.setpgid, 0, 0)[1] == 1 else 1

print(ended(child(session)))

print('-- the parent puts its children into a group and signals it')
children = []
for _ in range(3):
    pid = child(lambda: time.sleep(60))
    os.setpgid(pid, children[0] if children else pid)
    children.append(pid)
print([os.getpgid(pid) == children[0] for pid in children])
print(os.waitpid(-children[0], os.WNOHANG))
os.killpg(children[0], 0)
os.killpg(children[0], signal.SIGTERM)
print(sorted(ended(pid) for pid in children))
print(refused(os.killpg, children[0], 0))

print('-- a group is stopped and goes on')
children = []
for code in (1, 2):
    pid = child(lambda: time.sleep(0.05) or code)
    os.setpgid(pid, children[0] if children else pid)
    children.append(pid)
os.kill(-children[0], signal.SIGSTOP)
print(sorted(os.WSTOPSIG(os.waitpid(-children[0], os.WUNTRACED)[1]) for _ in children))
time.sleep(0.2)
print(os.waitpid(-children[0], os.WNOHANG))
os.killpg(children[0], signal.SIGCONT)
print(sorted(ended(pid) for pid in children))

print('-- a signal for the own group comes to all of it, the sender too')
seen = []
def fighters():
    os.setpgid(0, 0)
    signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
    read, write = os.pipe()
    def inner():
        os.write(write, b'x')
        time.sleep(60)
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    pid = child(inner)
    os.read(read, 1)
    signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
    os.kill(0, signal.SIGUSR1)
    good = seen == [signal.SIGUSR1] and ended(pid) == -signal.SIGUSR1
    seen.clear()
    os.killpg(os.getpgrp(), signal.SIGUSR1)
    return 0 if good and seen == [signal.SIGUSR1] else 1
print(ended(child(fighters)))

print('-- what is refused')
print(refused(os.getpgid, 999999), refused(os.getsid, 999999))
print(refused(os.setpgid, 999999, 0), refused(os.setpgid, 0, -1), refused(os.setpgid, 0, 999999))
print(refused(os.killpg, 999999, 15), refused(os.kill, -999999, 15))
print(refused(os.waitpid, -999999, 0))
