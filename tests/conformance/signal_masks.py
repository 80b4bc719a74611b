import os, select, signal, socket, threading, time

# Blocked signals wait; sigwait takes them without a handler.
def note(signum, frame):
    print('handler', signum)
for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
    signal.signal(number, note)
print(signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGUSR2}))
os.kill(os.getpid(), signal.SIGUSR1)
print('blocked', signal.sigpending())
print('old mask', sorted(signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})))
print('left', sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))

def sender():
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGUSR2)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
t = threading.Thread(target=sender)
t.start()
print('sigwait', signal.sigwait({signal.SIGUSR2, signal.SIGALRM}))
t.join()
info = signal.sigtimedwait([signal.SIGUSR2], 0.05)
print('timed', info)
os.kill(os.getpid(), signal.SIGUSR2)
info = signal.sigtimedwait([signal.SIGUSR2], 5)
print('timed', info.si_signo, info.si_pid == os.getpid())

# A thread that waits for a signal while the main thread is busy elsewhere.
got = []
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
def waiter():
    got.append(signal.sigwait({signal.SIGUSR1}))
t = threading.Thread(target=waiter)
t.start()
time.sleep(0.1)
os.kill(os.getpid(), signal.SIGUSR1)
t.join()
print('thread got', got)

# The event loop's descriptor.
a, b = socket.socketpair()
a.setblocking(False)
b.setblocking(False)
print(signal.set_wakeup_fd(a.fileno()))
signal.pthread_sigmask(signal.SIG_SETMASK, [])
signal.alarm(1)
print(select.select([b], [], [], 5)[0] == [b], list(b.recv(10)))
print(signal.set_wakeup_fd(-1) == a.fileno())
a.close(); b.close()

# CPU time has timers of its own.
seen = []
signal.signal(signal.SIGVTALRM, lambda s, f: seen.append(s))
signal.signal(signal.SIGPROF, lambda s, f: seen.append(s))
signal.setitimer(signal.ITIMER_VIRTUAL, 0.05)
time.sleep(0.2)
print('asleep', seen)
while not seen:
    sum(range(1000))
print('busy', [signal.Signals(s).name for s in seen])
signal.setitimer(signal.ITIMER_PROF, 0.02)
while len(seen) < 2:
    sum(range(1000))
print('busy', [signal.Signals(s).name for s in seen])
print(signal.strsignal(signal.SIGTERM), '|', signal.strsignal(signal.SIGVTALRM), '|', len(signal.valid_signals()))
