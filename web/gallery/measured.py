# /// lab
# title = "Where does the time go?"
# python = "3.13"
# cores = 1
# ///
import cProfile
import io
import pstats
import time

from line_profiler import LineProfiler

# cProfile counts calls and time by function: tottime is its own, cumtime with what it calls. line_profiler counts hits and time by line.
# Look at: the Stats tab, which has both tables for every run without any of this. Change: make slow() faster, and see who is the next.


def slow():
    total = 0
    for n in range(3_000):
        total += n
    return total


def wait():
    time.sleep(0.005)


def work():
    for _ in range(3):
        slow()
        wait()


profile = cProfile.Profile()
profile.runcall(work)
text = io.StringIO()
pstats.Stats(profile, stream=text).strip_dirs().sort_stats("cumulative").print_stats("slow|wait|work")
for line in text.getvalue().splitlines():
    fields = line.split()
    if fields and fields[0].isdigit() and fields[-1].endswith(")"):
        print(fields[0], "calls of", fields[-1].split("(")[1].rstrip(")"))

lines = LineProfiler(slow)
lines.runcall(work)
hits = max(entry[1] for entry in next(iter(lines.get_stats().timings.values())))
print("the line that ran most often did so", hits, "times")
