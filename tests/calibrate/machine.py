"""Times the operations of the cost table `laptop-2026` under a real CPython; run it on a quiet machine.

    python3.13 tests/calibrate/machine.py

Each line names the field of `crates/machine/src/costs.rs`, and what was measured (the median of several rounds).
"""

import _thread
import os
import statistics
import threading
import time

NS = 1e9


def median_ns(operation, rounds):
    times = []
    for _ in range(rounds):
        begin = time.perf_counter_ns()
        operation()
        times.append(time.perf_counter_ns() - begin)
    return statistics.median(times)


def thread_create():
    """`thread_create_ns`: starting a thread that ends at once, without waiting for it."""
    count = 200
    begin = time.perf_counter_ns()
    for _ in range(count):
        _thread.start_new_thread(int, ())
    return (time.perf_counter_ns() - begin) / count


def ping_pong():
    """Half a round trip between two threads through two locks: signal + wake (shallow) + GIL."""
    rounds = 20_000
    ping, pong = threading.Lock(), threading.Lock()
    ping.acquire()
    pong.acquire()

    def answer():
        for _ in range(rounds):
            ping.acquire()
            pong.release()

    other = threading.Thread(target=answer)
    other.start()
    begin = time.perf_counter_ns()
    for _ in range(rounds):
        ping.release()
        pong.acquire()
    spent = time.perf_counter_ns() - begin
    other.join()
    return spent / rounds / 2


def sleep_overshoot(seconds):
    """Timer slack and a deep wake-up: how much later than asked a sleep ends."""
    return median_ns(lambda: time.sleep(seconds), 100) - seconds * NS


def main():
    read, write = os.pipe()
    null = os.open("/dev/null", os.O_WRONLY)

    def through_pipe():
        os.write(write, b"x")
        os.read(read, 1)

    print(f"thread_create_ns      {thread_create():10.0f}")
    print(f"ping-pong, one way    {ping_pong():10.0f}   about signal_ns + wake_shallow_ns")
    print(f"sleep(1 ms) overshoot {sleep_overshoot(0.001):10.0f}   about timer_slack_ns + wake_shallow_ns")
    print(f"sleep(20 ms) overshoot{sleep_overshoot(0.02):10.0f}   about timer_slack_ns + wake_deep_ns")
    print(f"read_write_ns         {median_ns(through_pipe, 20_000) / 2:10.0f}   with the interpreter's share")
    print(f"write to /dev/null    {median_ns(lambda: os.write(null, b'x'), 20_000):10.0f}   with the interpreter's share")
    print(f"path_ns               {median_ns(lambda: os.stat('/'), 20_000):10.0f}   with the interpreter's share")
    print(f"syscall_ns            {median_ns(os.sched_yield, 20_000):10.0f}   with the interpreter's share")


main()
