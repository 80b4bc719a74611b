# Threads: start does not block, join waits, results through shared lists, is_alive, join with time-out.
import threading
import time

done = []


def work(name, seconds):
    time.sleep(seconds)
    done.append(name)


a = threading.Thread(target=work, args=("slow", 0.3))
b = threading.Thread(target=work, kwargs={"name": "quick", "seconds": 0.1})
print(a.is_alive(), b.is_alive())
a.start()
b.start()
print("started", done, a.is_alive(), threading.active_count())
print("join gives", b.join())
print(done, b.is_alive(), a.is_alive())
a.join(0.05)
print("after time-out", a.is_alive(), done)
a.join()
a.join()
print(done, a.is_alive(), threading.active_count())
start = time.monotonic()
threads = [threading.Thread(target=time.sleep, args=(0.2,)) for _ in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("five naps at once:", 0.2 <= time.monotonic() - start < 0.6)
