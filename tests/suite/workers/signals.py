# /// lab
# title = "Signals between processes that compute"
# ///
import os, signal, time

hits = []
signal.signal(signal.SIGUSR1, lambda number, frame: hits.append(number))
parent = os.getpid()
pid = os.fork()
if not pid:
    for _ in range(3):
        sum(range(30_000))
        os.kill(parent, signal.SIGUSR1)
        time.sleep(0.02)
    signal.pause()
    os._exit(9)
while len(hits) < 3:
    sum(range(500))
os.kill(pid, signal.SIGSTOP)
print(os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]))
os.kill(pid, signal.SIGCONT)
os.kill(pid, signal.SIGTERM)
print(os.WTERMSIG(os.waitpid(pid, 0)[1]), len(hits))
