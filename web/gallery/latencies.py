# /// lab
# title = "If a cycle took a second"
# python = "3.13"
# cores = 1
# ///
import time

# What a computer waits for, on a human scale: a cycle of 0.3 ns stretched to a second. That is why a thread that waits for the disk or the
# network should let others compute. These are the usual magnitudes; the wait at the end is run, and costs the core nothing.
# Look at: the sleep on the timeline beside the loop before it. Change: the numbers to those of your own computer.

CYCLE = 0.3e-9
WAITS = [
    ("a cycle", 0.3e-9),
    ("main memory", 100e-9),
    ("solid-state disk", 100e-6),
    ("rotating disk", 5e-3),
    ("across the ocean and back", 150e-3),
]


def in_words(seconds):
    for unit, length in (("years", 365 * 86400), ("days", 86400), ("minutes", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


for what, seconds in WAITS:
    print(f"{what:26}{in_words(seconds / CYCLE)}")
time.sleep(0.005)               # the rotating disk
