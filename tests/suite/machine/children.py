# What children have used: times, getrusage, wait4; and priorities.
import os
import resource
import time


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def used():
    return resource.getrusage(resource.RUSAGE_CHILDREN)


def total(usage):
    return round(usage.ru_utime + usage.ru_stime, 2)


first = os.fork()
if first == 0:
    burn(0.1)
    os._exit(0)
time.sleep(0.2)
print(total(used()), os.times().children_user, flush=True)
os.waitpid(first, 0)
print(total(used()), flush=True)

# wait4 tells of this child alone.
second = os.fork()
if second == 0:
    burn(0.05)
    os._exit(3)
pid, status, usage = os.wait4(second, 0)
print(total(usage), usage.ru_maxrss / 1, pid == second and os.waitstatus_to_exitcode(status) == 3, flush=True)

# A child's children.
third = os.fork()
if third == 0:
    if os.fork() == 0:
        burn(0.05)
        os._exit(0)
    os.wait()
    os._exit(0)
os.wait3(0)
times = os.times()
print(total(used()), round(times.children_user + times.children_system, 1), used().ru_utime > 0, flush=True)

before = os.getpriority(os.PRIO_PROCESS, 0)
os.setpriority(os.PRIO_PROCESS, 0, 7)
print(before, os.nice(0), os.getpriority(os.PRIO_PROCESS, os.getpid()))
