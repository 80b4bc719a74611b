# Stopped processes: SIGSTOP, SIGCONT, and what waitpid and waitid tell of them.
import os, signal, time, sys

print('-- a child that stops itself')
pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(7)
found, status = os.waitpid(pid, os.WUNTRACED)
print(found == pid, os.WIFSTOPPED(status), os.WSTOPSIG(status) == signal.SIGSTOP, os.WIFEXITED(status))
print(os.waitpid(pid, os.WUNTRACED | os.WNOHANG))
try:
    os.waitstatus_to_exitcode(status)
except ValueError as error:
    print(error)
os.kill(pid, signal.SIGCONT)
found, status = os.waitpid(pid, 0)
print(os.WIFEXITED(status), os.WEXITSTATUS(status))

print('-- a child that is stopped while it computes and goes on')
read, write = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(write, b'here')
    end = time.monotonic() + 0.3
    n = 0
    while time.monotonic() < end:
        n += 1
    os._exit(3)
os.read(read, 4)
os.kill(pid, signal.SIGSTOP)
print(os.waitpid(pid, os.WUNTRACED)[1] == 0x137f)
time.sleep(0.2)
print(os.waitpid(pid, os.WNOHANG | os.WUNTRACED | os.WCONTINUED))
os.kill(pid, signal.SIGCONT)
found, status = os.waitpid(pid, os.WCONTINUED)
print(os.WIFCONTINUED(status), os.WIFSTOPPED(status))
print(os.waitpid(pid, 0)[1] >> 8)

print('-- signals wait while a process is stopped')
pid = os.fork()
if pid == 0:
    def handler(number, frame):
        os.write(write, b'handled')
    signal.signal(signal.SIGUSR1, handler)
    os.write(write, b'go')
    os.kill(os.getpid(), signal.SIGTSTP)
    time.sleep(0.05)
    os._exit(0)
os.read(read, 2)
print(os.WSTOPSIG(os.waitpid(pid, os.WUNTRACED)[1]) == signal.SIGTSTP)
os.kill(pid, signal.SIGUSR1)
time.sleep(0.1)
os.write(write, b'nothing yet ')
os.kill(pid, signal.SIGCONT)
print(os.waitpid(pid, 0)[1])
print(os.read(read, 100))

print('-- SIGKILL ends a stopped process')
pid = os.fork()
if pid == 0:
    while True:
        os.kill(os.getpid(), signal.SIGSTOP)
os.waitpid(pid, os.WUNTRACED)
os.kill(pid, signal.SIGKILL)
print(os.WTERMSIG(os.waitpid(pid, 0)[1]))

print('-- a caught SIGTSTP does not stop')
seen = []
signal.signal(signal.SIGTSTP, lambda number, frame: seen.append(number))
os.kill(os.getpid(), signal.SIGTSTP)
print(seen == [signal.SIGTSTP])
signal.signal(signal.SIGTSTP, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGTSTP)
signal.signal(signal.SIGTSTP, signal.SIG_DFL)
try:
    signal.signal(signal.SIGSTOP, signal.SIG_IGN)
except OSError as error:
    print(error)

print('-- SIGCHLD tells of stops too')
chld = []
signal.signal(signal.SIGCHLD, lambda number, frame: chld.append(number))
pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(0)
os.waitpid(pid, os.WUNTRACED)
print(len(chld))
os.kill(pid, signal.SIGCONT)
os.waitpid(pid, os.WCONTINUED)
time.sleep(0.1)
os.waitpid(pid, 0)
signal.signal(signal.SIGCHLD, signal.SIG_DFL)

print('-- waitid')
pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(5)
for options in (os.WSTOPPED, os.WEXITED | os.WNOHANG):
    found = os.waitid(os.P_PID, pid, options)
    print(found and (found.si_pid == pid, found.si_signo == signal.SIGCHLD, found.si_status == signal.SIGSTOP, found.si_code == os.CLD_STOPPED))
os.kill(pid, signal.SIGCONT)
found = os.waitid(os.P_PID, pid, os.WCONTINUED)
print(found.si_code == os.CLD_CONTINUED, found.si_status == signal.SIGCONT)
found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
print(found.si_pid == pid, found.si_status, found.si_code == os.CLD_EXITED)
found = os.waitid(os.P_PGID, os.getpgrp(), os.WEXITED)
print(found.si_pid == pid, found.si_status, type(found).__name__)
for arguments in ((os.P_ALL, 0, os.WEXITED), (os.P_ALL, 0, os.WNOHANG), (os.P_ALL, 0, 0)):
    try:
        os.waitid(*arguments)
    except OSError as error:
        print(type(error).__name__, error.errno)
pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), signal.SIGTERM)
found = os.waitid(os.P_PID, pid, os.WEXITED)
print(found.si_code == os.CLD_KILLED, found.si_status == signal.SIGTERM)
try:
    os.waitpid(-1, 0)
except ChildProcessError as error:
    print(error)
