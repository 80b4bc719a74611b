# time: monotonic clocks advance by what was slept, types, errors, perf_counter, structures.
import time

a = time.monotonic()
p = time.perf_counter_ns()
w = time.time()
time.sleep(0.1)
print(0.1 <= time.monotonic() - a < 0.3, 100_000_000 <= time.perf_counter_ns() - p < 300_000_000, 0.05 < time.time() - w < 0.3)
print(type(time.time()).__name__, type(time.time_ns()).__name__, type(time.process_time()).__name__, type(time.thread_time()).__name__)
c = time.process_time()
time.sleep(0.1)
print("asleep costs no CPU:", time.process_time() - c < 0.05)
print(time.sleep(0), time.sleep(0.0))
for value in (-1, float("nan")):
    try:
        time.sleep(value)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
g = time.gmtime(0)
print(g.tm_year, g.tm_mon, g.tm_mday, g.tm_yday, g.tm_wday, tuple(g))
print(time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(86400 * 365)), time.gmtime(1e9)[:6])
print(time.monotonic() <= time.monotonic(), time.get_clock_info("monotonic").monotonic)
