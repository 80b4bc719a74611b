# Futures: callbacks, cancel, time-outs, wait, as_completed, states.
import time
from concurrent.futures import (ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, CancelledError, Future, ThreadPoolExecutor,
                                TimeoutError, as_completed, wait)


def nap(seconds, value=None):
    time.sleep(seconds)
    if isinstance(value, Exception):
        raise value
    return value


with ThreadPoolExecutor(1) as pool:
    first = pool.submit(nap, 0.1, "first")
    second = pool.submit(nap, 0, "second")
    third = pool.submit(nap, 0, "third")
    time.sleep(0.05)
    print(first.running(), second.running(), second.cancel(), first.cancel(), second.cancelled(), second.done())
    log = []
    for name, future in (("1", first), ("2", second), ("3", third)):
        future.add_done_callback(lambda f, name=name: log.append((name, f.cancelled())))
    try:
        second.result()
    except CancelledError as error:
        print("cancelled", repr(error))
    try:
        first.result(timeout=0.01)
    except TimeoutError as error:
        print("time-out", repr(error), TimeoutError.__module__)
    print(first.result(), third.result())
print(log)
first.add_done_callback(lambda f: print("at once", f.result()))
with ThreadPoolExecutor(4) as pool:
    futures = {pool.submit(nap, 0.05 * n, n): n for n in (4, 2, 3, 1)}
    print([future.result() for future in as_completed(futures)])
    a, b, c = pool.submit(nap, 0.05, "a"), pool.submit(nap, 0.15, "b"), pool.submit(nap, 0.1, KeyError("c"))
    done, pending = wait([a, b, c], return_when=FIRST_COMPLETED)
    print(len(done), len(pending), a in done)
    done, pending = wait([a, b, c], return_when=FIRST_EXCEPTION)
    print(len(done), b in pending)
    done, pending = wait([a, b, c], timeout=5, return_when=ALL_COMPLETED)
    print(len(done), len(pending), repr(c.exception()))
    slow = pool.submit(nap, 0.2)
    print(wait([slow], timeout=0.05).done, len(wait([slow]).done))
    try:
        list(as_completed([pool.submit(nap, 0.2)], timeout=0.05))
    except TimeoutError as error:
        print(error)
own = Future()
print(own.done(), own.set_running_or_notify_cancel(), own.running())
own.set_result(5)
print(own.result())
try:
    own.set_result(6)
except Exception as error:
    print(type(error).__name__, "finished" in str(error))
bad = Future()
bad.add_done_callback(lambda f: print("callback sees", repr(f.exception())))
bad.set_exception(ValueError("set"))
with ThreadPoolExecutor(2) as pool:
    print([r for r in pool.map(nap, [0.1, 0.05], ["x", "y"], timeout=2)])
pool = ThreadPoolExecutor(1)
running = pool.submit(nap, 0.1, "kept")
queued = [pool.submit(nap, 0.1) for _ in range(3)]
time.sleep(0.02)
pool.shutdown(wait=True, cancel_futures=True)
print(running.result(), [f.cancelled() for f in queued])
