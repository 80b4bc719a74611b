# /// lab
# title = "Parents, zombies, orphans"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import os
import signal
import time

def say(what):
    print(f"{os.getpid()} (parent {os.getppid()}): {what}", flush=True)

# A child that has ended stays a zombie until its parent asks how it ended.
child = os.fork()
if child == 0:
    say("I end with status 7")
    os._exit(7)
time.sleep(0.05)
os.kill(child, 0)                           # no error: its number is still taken
pid, status = os.waitpid(child, 0)
say(f"{pid} ended with status {os.waitstatus_to_exitcode(status)}")
try:
    os.kill(child, 0)
except ProcessLookupError:
    say(f"{child} is gone")

# A child whose parent ends first is an orphan: process 1 adopts it.
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    if os.fork() == 0:
        say("my parent is still there")
        time.sleep(0.1)
        say("adopted")
        os._exit(0)                         # now nobody holds the pipe's end
    time.sleep(0.05)
    os._exit(0)
os.close(writing)
os.waitpid(child, 0)
os.read(reading, 1)                         # waits for the end of the pipe

# A signal ends a child that does not handle it.
child = os.fork()
if child == 0:
    time.sleep(10)
    os._exit(0)
time.sleep(0.05)
os.kill(child, signal.SIGTERM)
pid, status = os.wait()
say(f"{pid} was ended by {signal.Signals(os.WTERMSIG(status)).name}")
